-- Instants are UTC milliseconds. A category is its code, '' for none. Locus 0 is the empty one.
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE integration (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  plugin TEXT NOT NULL,
  active INTEGER NOT NULL,
  events TEXT NOT NULL,
  mode TEXT NOT NULL CHECK (mode IN ('automatic', 'manual', 'disabled')),
  configured_mode TEXT NOT NULL,
  breaker TEXT NOT NULL DEFAULT 'closed' CHECK (breaker IN ('closed', 'reconnect', 'unreachable')),
  breaker_category TEXT NOT NULL DEFAULT '',
  breaker_message TEXT NOT NULL DEFAULT '',
  breaker_since INTEGER
) STRICT;

-- `key` is the folded name.
CREATE TABLE event (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  leads INTEGER NOT NULL DEFAULT 0,
  first_seen INTEGER NOT NULL
) STRICT;

-- `identity` is a 64-bit hash, because a random text key costs three times as much; the text in lead_payload tells a collision,
-- which takes the next free number. Those of the leads after the one that meta's identities_merged_through names are not in
-- lead_identity yet.
CREATE TABLE lead (
  id INTEGER PRIMARY KEY,
  identity INTEGER NOT NULL,
  event_id INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  accepted_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  person_key INTEGER NOT NULL,
  company_key TEXT NOT NULL,
  search TEXT NOT NULL
) STRICT;

CREATE TABLE lead_identity (hash INTEGER PRIMARY KEY, lead_id INTEGER NOT NULL) STRICT;

CREATE TABLE lead_payload (
  lead_id INTEGER PRIMARY KEY,
  identity TEXT NOT NULL,
  external_id TEXT NOT NULL,
  document TEXT NOT NULL
) STRICT;

-- The check is an OR because SQLite builds a table of an IN's list each time that a row is written.
-- `deferred` 0: due at once, in order of id. 1: due at `due_at`.
-- `held_*`: category and locus when an operation took it, for its verdict and for cancelling it.
CREATE TABLE delivery (
  id INTEGER PRIMARY KEY,
  integration_id INTEGER NOT NULL,
  lead_id INTEGER NOT NULL,
  event_id INTEGER NOT NULL,
  state TEXT NOT NULL
    CHECK (state = 'waiting' OR state = 'released' OR state = 'failed' OR state = 'cleared' OR state = 'dismissed'),
  deferred INTEGER NOT NULL DEFAULT 0,
  category TEXT NOT NULL DEFAULT '',
  locus_id INTEGER NOT NULL DEFAULT 0,
  due_at INTEGER NOT NULL,
  accepted_at INTEGER NOT NULL,
  attempts INTEGER NOT NULL DEFAULT 0,
  counted_attempts INTEGER NOT NULL DEFAULT 0,
  ambiguous INTEGER NOT NULL DEFAULT 0,
  not_before INTEGER NOT NULL DEFAULT 0,
  alone INTEGER NOT NULL DEFAULT 0,
  crashes INTEGER NOT NULL DEFAULT 0,
  warned INTEGER NOT NULL DEFAULT 0,
  run_id INTEGER,
  operation_id INTEGER,
  held_category TEXT,
  held_locus_id INTEGER,
  last_attempt_id INTEGER NOT NULL DEFAULT 0,
  last_attempt_at INTEGER
) STRICT;
-- The conditions are ORs because SQLite proves only those.
CREATE UNIQUE INDEX delivery_of_lead ON delivery (lead_id, integration_id);
CREATE INDEX delivery_in_order ON delivery (integration_id, state, deferred)
  WHERE state = 'waiting' OR state = 'released' OR state = 'cleared' OR state = 'dismissed';
CREATE INDEX delivery_due ON delivery (integration_id, state, due_at)
  WHERE deferred = 1 AND (state = 'waiting' OR state = 'released');
CREATE INDEX delivery_failed ON delivery (integration_id, category, locus_id) WHERE state = 'failed';
CREATE INDEX delivery_ambiguous ON delivery (integration_id) WHERE ambiguous = 1;
CREATE INDEX delivery_warned ON delivery (integration_id) WHERE warned = 1;

-- `phases_done` holds for lead revision `revision` only.
CREATE TABLE delivery_remote (
  delivery_id INTEGER PRIMARY KEY,
  ids TEXT NOT NULL,
  phases_done TEXT NOT NULL,
  revision INTEGER NOT NULL
) STRICT;

CREATE TABLE locus (
  id INTEGER PRIMARY KEY,
  object TEXT NOT NULL,
  remote_field TEXT NOT NULL,
  lead_field TEXT NOT NULL,
  value TEXT NOT NULL,
  UNIQUE (object, remote_field, lead_field, value)
) STRICT;

-- An open one is a claim. `deliveries`: differences of ascending ids as varints.
CREATE TABLE run (
  id INTEGER PRIMARY KEY,
  integration_id INTEGER NOT NULL,
  size INTEGER NOT NULL,
  deliveries BLOB NOT NULL,
  mapping_revision INTEGER NOT NULL,
  opened_at INTEGER NOT NULL,
  closed_at INTEGER,
  intent INTEGER NOT NULL DEFAULT 0,
  checkpoint BLOB
) STRICT;
CREATE INDEX run_open ON run (integration_id, size) WHERE closed_at IS NULL;

-- Append-only. `previous_id` chains the attempts of a delivery, newest first, so that no index is needed.
CREATE TABLE attempt (
  id INTEGER PRIMARY KEY,
  previous_id INTEGER NOT NULL,
  delivery_id INTEGER NOT NULL,
  number INTEGER NOT NULL,
  run_id INTEGER NOT NULL,
  started_at INTEGER NOT NULL,
  finished_at INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  category TEXT NOT NULL,
  locus_id INTEGER NOT NULL,
  crm_code TEXT NOT NULL,
  message TEXT NOT NULL,
  phases TEXT NOT NULL,
  warnings TEXT NOT NULL,
  mapping_revision INTEGER NOT NULL,
  lead_revision INTEGER NOT NULL
) STRICT;

-- id: run << 20 | number. `compressed`: 1 the request's body, 2 the response's.
CREATE TABLE exchange (
  id INTEGER PRIMARY KEY,
  phase TEXT NOT NULL,
  method TEXT NOT NULL,
  url TEXT NOT NULL,
  transport TEXT NOT NULL,
  status INTEGER NOT NULL,
  sent_at INTEGER,
  received_at INTEGER,
  compressed INTEGER NOT NULL,
  request_headers TEXT NOT NULL,
  response_headers TEXT NOT NULL,
  request_body BLOB NOT NULL,
  response_body BLOB NOT NULL
) STRICT;

CREATE TABLE company (
  integration_id INTEGER NOT NULL,
  key TEXT NOT NULL,
  object TEXT NOT NULL,
  remote_id TEXT NOT NULL,
  url TEXT NOT NULL,
  PRIMARY KEY (integration_id, key, object)
) STRICT, WITHOUT ROWID;

CREATE TABLE delivery_count (
  integration_id INTEGER NOT NULL,
  event_id INTEGER NOT NULL,
  state TEXT NOT NULL,
  category TEXT NOT NULL,
  locus_id INTEGER NOT NULL,
  accepted_hour INTEGER NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (integration_id, event_id, state, category, locus_id, accepted_hour)
) STRICT, WITHOUT ROWID;

-- By UTC day of the attempt; only grows.
CREATE TABLE failure_day (
  integration_id INTEGER NOT NULL,
  category TEXT NOT NULL,
  locus_id INTEGER NOT NULL,
  day INTEGER NOT NULL,
  count INTEGER NOT NULL,
  first_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  PRIMARY KEY (integration_id, category, locus_id, day)
) STRICT, WITHOUT ROWID;

CREATE TABLE import (
  id INTEGER PRIMARY KEY,
  source TEXT NOT NULL,
  event TEXT NOT NULL,
  by_uid INTEGER NOT NULL,
  by_name TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  finished_at INTEGER,
  row_count INTEGER NOT NULL DEFAULT 0,
  added INTEGER NOT NULL DEFAULT 0,
  updated INTEGER NOT NULL DEFAULT 0,
  unchanged INTEGER NOT NULL DEFAULT 0,
  rejected INTEGER NOT NULL DEFAULT 0,
  failure TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE rejected_row (
  id INTEGER PRIMARY KEY,
  import_id INTEGER NOT NULL REFERENCES import (id),
  row INTEGER NOT NULL,
  reason TEXT NOT NULL,
  raw TEXT NOT NULL
) STRICT;
CREATE INDEX rejected_row_of_import ON rejected_row (import_id, row);

CREATE TABLE mapping_revision (
  integration_id INTEGER NOT NULL REFERENCES integration (id),
  revision INTEGER NOT NULL,
  json TEXT NOT NULL,
  saved_at INTEGER NOT NULL,
  by_uid INTEGER NOT NULL,
  by_name TEXT NOT NULL,
  PRIMARY KEY (integration_id, revision)
) STRICT;

CREATE TABLE remote_schema (
  integration_id INTEGER PRIMARY KEY REFERENCES integration (id),
  schema_json TEXT NOT NULL,
  account_json TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  fetched_at INTEGER NOT NULL
) STRICT;

CREATE TABLE secret (
  integration_id INTEGER NOT NULL REFERENCES integration (id),
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  expires_at INTEGER,
  PRIMARY KEY (integration_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE usage (account TEXT PRIMARY KEY, json TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- `watermark`: the newest attempt (backfill: lead) at acceptance. `cursor`: the last delivery (lead) looked at.
CREATE TABLE operation (
  id INTEGER PRIMARY KEY,
  integration_id INTEGER NOT NULL REFERENCES integration (id),
  kind TEXT NOT NULL CHECK (kind IN ('retry', 'release', 'backfill')),
  filter TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('applying', 'running', 'done', 'cancelling', 'cancelled')),
  watermark INTEGER NOT NULL,
  cursor INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  finished_at INTEGER,
  total INTEGER NOT NULL,
  applied INTEGER NOT NULL DEFAULT 0,
  cleared INTEGER NOT NULL DEFAULT 0,
  still_failing INTEGER NOT NULL DEFAULT 0,
  moved INTEGER NOT NULL DEFAULT 0,
  skipped INTEGER NOT NULL DEFAULT 0,
  by_uid INTEGER NOT NULL,
  by_name TEXT NOT NULL
) STRICT;
CREATE INDEX operation_unfinished ON operation (id) WHERE state = 'applying' OR state = 'running' OR state = 'cancelling';

CREATE TABLE audit (
  id INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  by_uid INTEGER NOT NULL,
  by_name TEXT NOT NULL,
  action TEXT NOT NULL,
  integration TEXT NOT NULL,
  detail TEXT NOT NULL
) STRICT;

CREATE TABLE answer (
  key TEXT PRIMARY KEY,
  request_hash TEXT NOT NULL,
  answer TEXT NOT NULL,
  saved_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX answer_by_age ON answer (saved_at);

INSERT INTO meta (name, value) VALUES ('installation_id', lower(hex(randomblob(8)))), ('identities_merged_through', '0');
