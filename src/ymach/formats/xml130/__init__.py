"""The "XML 130" family: Decision 130/QD-BYT 2023, amended by 4750/QD-BYT 2023 and 3176/QD-BYT 2024.

`tables.csv` says which tag is which attribute of the clinical model and how it is converted; `shapes.csv` says how each
table is nested. `schema` compiles them once; `envelope`, `read` and `write` only follow the compiled tables.
"""
