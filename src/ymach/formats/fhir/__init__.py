"""FHIR R4 bundles in and out of the clinical model.

A document Bundle (Composition first) or a transaction Bundle, JSON. `systems.csv` holds the canonical addresses,
`resources.csv` the resource types of the profile, `parts.csv` which resource one row of the clinical model becomes,
`satellites.csv` the resources beside it, `places.csv` where each attribute stands. An attribute without a place of its
own travels as an extension named after its national tag, so that nothing of the 526 fields is lost.
`schema` compiles the tables once; `read` and `write` only follow them.
"""
