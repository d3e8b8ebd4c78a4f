-- A store of records for the benchmark of reading: people with 1 to 60 records each at one to four facilities, of
-- several kinds, a fiftieth of them restricted; who reads them by consent, by referral, or because the records are its own.
-- records: how many; readers: codes of the facilities that read; reader_count: how many those are.
CREATE TEMP TABLE place AS SELECT id, code, row_number() OVER (ORDER BY NOT (code = ANY($readers)), code) - 1 AS n
FROM facilities_facility WHERE upper_inf(valid);
CREATE TEMP TABLE person AS
SELECT n, uuidv7() AS citizen_id, 1 + floor(power(random(), 2) * 60)::int AS records,
  floor(random() * $reader_count)::int AS reader, floor(random() * 10)::int AS basis
FROM generate_series(1, ($records / 21.0)::int) AS n;
INSERT INTO citizens_citizen (citizen_id, full_name, name_folded, birth_year, birth_month, birth_day, sex, assurance, created_at, compared_at)
SELECT citizen_id, 'Nguyễn Thị ' || n, 'nguyen thi ' || n, 1940 + n % 80, 1 + n % 12, 1 + n % 28, (1 + n % 2)::text, 'stated', now(), now()
FROM person;
INSERT INTO exchange_record (citizen_id, id, facility_id, facility_code, submission_id, dossier_code, kind, version, is_current,
  outcome, happened_at, ended_at, summary, compartment)
SELECT p.citizen_id, uuidv7(), f.id, f.code, uuidv7(), f.code || '.' || p.n || '.' || r / 3, k.kind, 1, true, 'accepted',
  now() - random() * interval '1000 days', NULL,
  CASE k.kind
    WHEN 'visit' THEN jsonb_build_object('diagnosis', (ARRAY['I10','E11.9','J06.9','K29.7','M54.5','N18.3'])[1 + floor(random() * 6)::int],
      'other_diagnoses', '[]'::jsonb, 'diagnosis_text', 'Bệnh mạn tính, khám lại theo hẹn', 'kind', '01', 'reason', 'Khám lại',
      'department', 'K01', 'result', '2', 'discharge_type', '1', 'medicines', 4, 'services', 6, 'results', 8, 'total', '412000',
      'weight', round((45 + random() * 30)::numeric, 1)::text, 'values', jsonb_build_array(
        jsonb_build_array('', 'Glucose', round((4 + random() * 6)::numeric, 1)::text, 'mmol/L', NULL),
        jsonb_build_array('', 'Creatinin', round((50 + random() * 90)::numeric)::text, 'µmol/L', NULL),
        jsonb_build_array('', 'HbA1c', round((5 + random() * 4)::numeric, 1)::text, '%', NULL)))
    WHEN 'prescription' THEN jsonb_build_object('diagnosis', 'I10', 'other_diagnoses', '[]'::jsonb, 'diagnosis_text', 'Tăng huyết áp', 'lines',
      jsonb_build_array(
        jsonb_build_object('name', 'Amlodipin', 'strength', '5mg', 'quantity', '30', 'unit', 'Viên', 'dosage', '1 viên/lần * 1 lần/ngày * 30 ngày', 'instructions', 'Uống sáng'),
        jsonb_build_object('name', 'Metformin', 'strength', '850mg', 'quantity', '60', 'unit', 'Viên', 'dosage', '1 viên/lần * 2 lần/ngày * 30 ngày', 'instructions', 'Sau ăn')))
    ELSE jsonb_build_object('allergies', jsonb_build_array(jsonb_build_object('substance', 'Penicillin', 'criticality', 'high', 'status', 'active', 'reaction', 'Nổi mẩn')),
      'vaccinations', '[]'::jsonb, 'measures', '[]'::jsonb, 'has_guardian', false)
  END,
  CASE WHEN random() < 0.02 THEN 'hiv' ELSE '' END
FROM person p CROSS JOIN LATERAL generate_series(1, p.records) AS r
CROSS JOIN LATERAL (SELECT CASE WHEN r % 15 = 0 THEN 'health-book' WHEN r % 3 = 0 THEN 'prescription' ELSE 'visit' END AS kind) AS k
CROSS JOIN LATERAL (SELECT CASE WHEN p.basis = 9 THEN p.reader ELSE ($reader_count + (p.n * 7 + r % 4) % greatest((SELECT count(*) FROM place)::int - $reader_count, 1)) END AS place) AS w
JOIN place f ON f.n = w.place;
INSERT INTO consent_consent (citizen_id, id, purpose, capacity, giver_id, signer, facilities, is_for_treating, kinds, compartments,
  is_request, since, text_version, text_digest, digest, channel, needs_child, transaction, given_at, given_by, given_by_label)
SELECT p.citizen_id, uuidv7(), 'treatment', 'self', p.citizen_id, '\x00', ARRAY[f.id], false, '{}', '{}', true, now() - interval '1 day',
  'treatment-2026-1', repeat('0', 64), repeat('0', 64), 'vneid', false, 'bench', now() - interval '1 day', 'command:bench', 'bench'
FROM person p JOIN place f ON f.n = p.reader WHERE p.basis < 6;
INSERT INTO exchange_referral (facility_id, id, facility_code, province_code, submission_id, dossier_code, version, record_id, citizen_id,
  receiver_code, receiver_id, receiver_province_code, number, diagnosis_code, diagnosis_text, reason, is_urgent, referred_at, sent_at, is_held, state, changed_at)
SELECT r.facility_id, uuidv7(), r.facility_code, '01', r.submission_id, r.dossier_code || '.r', 1, r.id, p.citizen_id, f.code, f.id, '01', '', '', '', '',
  false, now() - interval '2 days', now() - interval '2 days', false, 'accepted', now()
FROM person p JOIN place f ON f.n = p.reader
CROSS JOIN LATERAL (SELECT * FROM exchange_record x WHERE x.citizen_id = p.citizen_id ORDER BY x.happened_at DESC LIMIT 1) AS r
WHERE p.basis BETWEEN 6 AND 8;
CREATE TABLE bench_reading AS SELECT p.citizen_id, f.code, p.records FROM person p JOIN place f ON f.n = p.reader;
