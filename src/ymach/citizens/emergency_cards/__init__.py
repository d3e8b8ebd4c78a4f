"""The card on a lock screen: what a citizen lets anybody read who finds them unable to speak. Theirs to switch on and off."""
