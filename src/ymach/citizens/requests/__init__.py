"""What people ask for about their own data: to have it, to have it put right, kept from others, deleted; and to complain."""
