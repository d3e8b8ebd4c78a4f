"""What lives on after its record is stored: a prescription is dispensed, a referral answered, an appointment kept, what is
held decided on. Each such kind has a package of its own; here is what they all follow, and the one list of them."""
