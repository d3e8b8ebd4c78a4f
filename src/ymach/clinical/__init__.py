"""The clinical model: what a visit, a prescription, a result, a referral is. Plain frozen data, no storage, no format.

Attribute names follow the field's standard English terms; the comment behind each names its tag in the XML 130 family
(Decision 130/QD-BYT 2023 as amended by 4750/QD-BYT 2023 and 3176/QD-BYT 2024). Codes are text even when they look like
numbers; money and quantities are exact `Decimal`; moments are aware UTC; a missing value is None, a missing list is ().
"""
