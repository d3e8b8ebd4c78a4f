"""The check-in screen of a facility, served by its own agent: scan the card, touch a room, take the number.

It needs no line: each check-in is on this machine's disk, sealed, before its number is shown; the agent signs it as a
check-in notice (XML0), queues it and sends it when it can.
"""
