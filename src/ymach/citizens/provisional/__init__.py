"""People without papers: an identity at once, under the code of a wristband, until evidence says who it is."""
