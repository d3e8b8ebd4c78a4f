"""Small things every package needs: bilingual text, errors, findings, identifiers, time, Vietnamese names, periods.

Imports nothing of ours and no Django (except `base.history`, the Django app that guards the registry's tables).
"""
