"""Intake, in ten steps. Each step is a module of the same name; `pipeline` runs them in this order:

1.  receive       bounded body, decompressed, SHA-256 of the content
2.  open          the format (XML or FHIR), taken apart: no DTD, no entities, bounded depth and count
3.  authenticate  the signature over the untouched bytes, the certificate at signing time, the facility it is bound to
4.  read          tables into the clinical model, a finding per field that is wrong
5.  check         code lists of the day of the visit, sums, order of times, agreement between tables
6.  standing      facility licensed then? each author licensed, in scope, registered here, at that hour?
7.  identify      which person is this: exact, provisional; never a guess that merges
8.  decide        findings and policy to one of four outcomes per record
9.  store         one transaction: bytes, records, counters, deliveries, journal, receipt
10. answer        the signed receipt; the record is findable from this moment

Steps 1 to 8 write nothing: the dry run is these, and a look at what came before.
"""
