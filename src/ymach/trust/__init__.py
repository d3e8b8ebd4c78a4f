"""Trust: certificates and their chains, XML signatures, signed receipts, client assertions, the platform's own key.

The modules are pure (no Django) except `models`, `apps`, `actions` and `queries`, which keep the anchors and
revocation lists. No cryptography is written here: `cryptography`, `xmlsec` and `joserfc` do it.
"""
