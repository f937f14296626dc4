create table incident (number text, team text, agent text, opened text, updated text, subject text);
insert into incident values
  ('1', 'Blue', 'canary.ann@example.org', '2026-03-02 09:00:00', '2026-03-02 09:00:00', 'CANARY cannot log in'),
  ('2', 'Red', 'canary.ben@example.org', '2026-03-03 09:00:00', '2026-03-04 09:00:00', 'CANARY printer'),
  (null, 'Red', 'canary.ben@example.org', '2026-03-03 09:00:00', '2026-03-04 09:00:00', 'CANARY without a number'),
  ('4', 'Red', null, 'CANARY', '2026-03-04 09:00:00', 'CANARY date');
