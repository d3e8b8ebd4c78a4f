"""The facility's tool: sign dossiers, queue them, send them, keep and verify the receipts. Needs no Django.

It runs on the hospital's own machine. Nothing is lost by a cut: what to send is on disk before it is sent, and the
server answers the same content with the same receipt.
"""
