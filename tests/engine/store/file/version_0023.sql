-- A store of version 0023 as a program wrote it: one task of each of four states.
BEGIN TRANSACTION;
CREATE TABLE alembic_version (version_num TEXT PRIMARY KEY) WITHOUT ROWID;
INSERT INTO "alembic_version" VALUES('0023');
CREATE TABLE attempts (task_id INTEGER NOT NULL, attempt INTEGER NOT NULL, started_at INTEGER NOT NULL, finished_at INTEGER NOT NULL, outcome TEXT NOT NULL, error TEXT, trace TEXT, count INTEGER DEFAULT '1' NOT NULL, PRIMARY KEY (task_id, attempt)) WITHOUT ROWID, STRICT;
INSERT INTO "attempts" VALUES(1,1,1001,1002,'succeeded',NULL,NULL,1);
INSERT INTO "attempts" VALUES(3,1,1001,1002,'failed','no',NULL,1);
CREATE TABLE batch_causes (
    batch_id INTEGER NOT NULL, cause TEXT NOT NULL,
    
    scheduled INTEGER NOT NULL DEFAULT 0, queued INTEGER NOT NULL DEFAULT 0,
    running INTEGER NOT NULL DEFAULT 0, waiting INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0, uncertain INTEGER NOT NULL DEFAULT 0
, failed_seen INTEGER NOT NULL DEFAULT 0, uncertain_seen INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (batch_id, cause)
) WITHOUT ROWID, STRICT
;
CREATE TABLE batch_rows (
    batch_id INTEGER NOT NULL, row INTEGER NOT NULL,
    revision INTEGER NOT NULL, item TEXT NOT NULL, recipient TEXT,
    identity TEXT, content TEXT NOT NULL,
    checked TEXT NOT NULL, problem TEXT, data TEXT, path TEXT,
    outcome TEXT, item_id INTEGER, task_id INTEGER,
    ended_at INTEGER, answer TEXT, message_id TEXT, corrections TEXT, origin TEXT,
    PRIMARY KEY (batch_id, row)
) STRICT
;
CREATE TABLE batches (
    id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, rev INTEGER NOT NULL DEFAULT 0,
    name TEXT NOT NULL, state TEXT NOT NULL,
    created_at INTEGER NOT NULL, changed_at INTEGER NOT NULL,
    started_at INTEGER, finished_at INTEGER, paused_at INTEGER,
    key TEXT NOT NULL, template TEXT, tasks TEXT NOT NULL, rate TEXT, run_at INTEGER,
    columns TEXT NOT NULL, sheet TEXT,
    revision INTEGER NOT NULL DEFAULT 0, grace_until INTEGER NOT NULL DEFAULT 0,
    sends TEXT NOT NULL DEFAULT '', fed_to INTEGER NOT NULL DEFAULT 0,
    stopped_at INTEGER,
    rows INTEGER NOT NULL DEFAULT 0, ready INTEGER NOT NULL DEFAULT 0,
    problems INTEGER NOT NULL DEFAULT 0, same INTEGER NOT NULL DEFAULT 0,
    changed INTEGER NOT NULL DEFAULT 0, twice INTEGER NOT NULL DEFAULT 0,
    left_out INTEGER NOT NULL DEFAULT 0, open INTEGER NOT NULL DEFAULT 0,
    sent INTEGER NOT NULL DEFAULT 0, kept INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0, uncertain INTEGER NOT NULL DEFAULT 0,
    cancelled INTEGER NOT NULL DEFAULT 0
, continues INTEGER, corrected INTEGER NOT NULL DEFAULT 0, unused INTEGER NOT NULL DEFAULT 0, marked INTEGER NOT NULL DEFAULT 0, later TEXT) STRICT
;
CREATE TABLE causes (
    id TEXT NOT NULL PRIMARY KEY, about TEXT NOT NULL, cure TEXT, places TEXT NOT NULL,
    first_at INTEGER NOT NULL, last_at INTEGER NOT NULL,
    retried_at INTEGER, failed_again INTEGER NOT NULL,
    
    scheduled INTEGER NOT NULL DEFAULT 0, queued INTEGER NOT NULL DEFAULT 0,
    running INTEGER NOT NULL DEFAULT 0, waiting INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0, uncertain INTEGER NOT NULL DEFAULT 0

, failed_seen INTEGER NOT NULL DEFAULT 0, uncertain_seen INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID, STRICT
;
INSERT INTO "causes" VALUES('05ed6e40df00cf32','{"kind": "reason", "reason": "retry_later", "task": "work", "task_title": "Work"}',NULL,'[]',1000,1000,NULL,0,0,0,0,1,0,0,0,0);
CREATE TABLE contexts (task_id INTEGER NOT NULL PRIMARY KEY, variables TEXT NOT NULL) STRICT;
CREATE TABLE corrections (item_id INTEGER NOT NULL, number INTEGER NOT NULL, at INTEGER NOT NULL, body TEXT NOT NULL, recipient TEXT NOT NULL, address TEXT NOT NULL DEFAULT '', PRIMARY KEY (item_id, number)) WITHOUT ROWID, STRICT;
CREATE TABLE counts (function INTEGER NOT NULL, state TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (function, state), FOREIGN KEY(function) REFERENCES functions (id)) WITHOUT ROWID, STRICT;
INSERT INTO "counts" VALUES(1,'cancelled',0);
INSERT INTO "counts" VALUES(1,'failed',0);
INSERT INTO "counts" VALUES(1,'queued',0);
INSERT INTO "counts" VALUES(1,'running',1);
INSERT INTO "counts" VALUES(1,'scheduled',1);
INSERT INTO "counts" VALUES(1,'succeeded',1);
INSERT INTO "counts" VALUES(1,'uncertain',0);
INSERT INTO "counts" VALUES(1,'waiting',1);
CREATE TABLE due_times (name TEXT NOT NULL, due_at INTEGER NOT NULL, task_id INTEGER NOT NULL, PRIMARY KEY (name, due_at)) WITHOUT ROWID, STRICT;
CREATE TABLE events (id INTEGER NOT NULL, task_id INTEGER NOT NULL, at INTEGER NOT NULL, state TEXT, attempt INTEGER NOT NULL, why TEXT DEFAULT '' NOT NULL, PRIMARY KEY (id)) STRICT;
INSERT INTO "events" VALUES(4,1,1000,'succeeded',1,'');
INSERT INTO "events" VALUES(7,4,1000,'running',1,'');
CREATE TABLE followers (task_id INTEGER NOT NULL PRIMARY KEY, behind INTEGER, after INTEGER) STRICT;
CREATE TABLE functions (id INTEGER NOT NULL, name TEXT NOT NULL, queue TEXT NOT NULL, lane TEXT NOT NULL, title TEXT NOT NULL, PRIMARY KEY (id), UNIQUE (name, queue, lane, title)) STRICT;
INSERT INTO "functions" VALUES(1,'work','work','io','Work');
CREATE TABLE idempotency ("key" TEXT NOT NULL, body_hash TEXT NOT NULL, answer TEXT NOT NULL, created_at INTEGER NOT NULL, PRIMARY KEY ("key")) STRICT;
INSERT INTO "idempotency" VALUES('k','h','{}',1000);
CREATE TABLE items (id INTEGER NOT NULL, created_at INTEGER NOT NULL, body TEXT NOT NULL, first_task INTEGER NOT NULL, task_count INTEGER NOT NULL, joined TEXT, informed TEXT, PRIMARY KEY (id)) STRICT;
INSERT INTO "items" VALUES(7,1000,'{"title":"Seven"}',1,4,NULL,'yes');
CREATE TABLE log (id INTEGER NOT NULL, task_id INTEGER NOT NULL, attempt INTEGER NOT NULL, at INTEGER NOT NULL, level TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (id)) STRICT;
INSERT INTO "log" VALUES(1,1,1,1001,'info','begun');
CREATE TABLE meta ("key" TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY ("key")) WITHOUT ROWID, STRICT;
INSERT INTO "meta" VALUES('events_floor','3');
INSERT INTO "meta" VALUES('store','f1e2');
CREATE TABLE pace (span INTEGER NOT NULL, at INTEGER NOT NULL, function INTEGER NOT NULL, done INTEGER NOT NULL, failed INTEGER NOT NULL, again INTEGER NOT NULL, longest INTEGER NOT NULL, waits TEXT NOT NULL, runs TEXT NOT NULL, PRIMARY KEY (span, at, function)) WITHOUT ROWID, STRICT;
CREATE TABLE pauses (queue TEXT NOT NULL PRIMARY KEY, since INTEGER NOT NULL) WITHOUT ROWID, STRICT;
CREATE TABLE queues (name TEXT NOT NULL, reason TEXT NOT NULL, action TEXT, held_at INTEGER NOT NULL, server TEXT, code INTEGER, kind TEXT DEFAULT 'queue_held' NOT NULL, until INTEGER, probes INTEGER DEFAULT '0' NOT NULL, enhanced TEXT, PRIMARY KEY (name)) WITHOUT ROWID, STRICT;
INSERT INTO "queues" VALUES('mail','wrong password','mail_settings',1000,NULL,NULL,'queue_held',NULL,0,NULL);
CREATE TABLE scheduled_in_batches (
    batch_id INTEGER NOT NULL, function INTEGER NOT NULL, cause TEXT NOT NULL,
    aside INTEGER NOT NULL, again INTEGER NOT NULL, n INTEGER NOT NULL,
    PRIMARY KEY (batch_id, function, cause, aside, again)
) WITHOUT ROWID, STRICT
;
CREATE TABLE schedules (name TEXT NOT NULL PRIMARY KEY, rule TEXT NOT NULL, next_at INTEGER, paused_at INTEGER, last_at INTEGER, last_task INTEGER) WITHOUT ROWID, STRICT;
CREATE TABLE sources (name TEXT NOT NULL PRIMARY KEY, source TEXT NOT NULL) WITHOUT ROWID, STRICT;
CREATE TABLE starts (queue TEXT NOT NULL, at INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (queue, at)) WITHOUT ROWID, STRICT;
CREATE TABLE steps (task_id INTEGER NOT NULL, name TEXT NOT NULL, attempt INTEGER NOT NULL, at INTEGER NOT NULL, result TEXT NOT NULL, PRIMARY KEY (task_id, name)) WITHOUT ROWID, STRICT;
CREATE TABLE tasks (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, rev INTEGER DEFAULT '0' NOT NULL, item_id INTEGER, function INTEGER NOT NULL, title TEXT, recipient TEXT DEFAULT '' NOT NULL, state TEXT NOT NULL, why TEXT DEFAULT '' NOT NULL, held TEXT DEFAULT '' NOT NULL, attempt INTEGER NOT NULL, max_attempts INTEGER NOT NULL, crashes INTEGER NOT NULL, passed INTEGER NOT NULL, stopping INTEGER NOT NULL, priority INTEGER DEFAULT '0' NOT NULL, created_at INTEGER DEFAULT '0' NOT NULL, run_at INTEGER, deadline INTEGER, started_at INTEGER, finished_at INTEGER DEFAULT '0' NOT NULL, progress TEXT, error TEXT, arguments TEXT NOT NULL, result TEXT, reference TEXT, "key" TEXT, delayed INTEGER DEFAULT '0' NOT NULL, handover TEXT, reason TEXT, reason_data TEXT, resend_of INTEGER, seen INTEGER, addressee TEXT, batch_id INTEGER, batch_row INTEGER, cause TEXT, past_errors TEXT, FOREIGN KEY(function) REFERENCES functions (id)) STRICT;
INSERT INTO "tasks" VALUES(1,4,7,1,NULL,'Ada <ada@x.org>','succeeded','','',1,3,0,0,0,0,1000,NULL,NULL,1001,1002,NULL,NULL,'[[7],{}]','42','<1@x.org>',NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "tasks" VALUES(2,5,7,1,NULL,'','scheduled','Starts at its time.','',0,3,0,0,0,2,1000,4000000000000,NULL,NULL,0,NULL,NULL,'[[7],{}]',NULL,NULL,NULL,0,NULL,'delayed',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO "tasks" VALUES(3,6,7,1,NULL,'','waiting','Tries again later: no','',1,3,0,0,0,0,1000,4000000000000,NULL,1001,0,NULL,'no','[[7],{}]',NULL,NULL,NULL,1,NULL,'retry_later',NULL,NULL,NULL,NULL,NULL,NULL,'05ed6e40df00cf32',NULL);
INSERT INTO "tasks" VALUES(4,7,7,1,'Four','','running','','',1,3,0,0,0,0,1000,NULL,NULL,1001,0,NULL,NULL,'[[7],{}]',NULL,NULL,NULL,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE tokens (token TEXT NOT NULL PRIMARY KEY, task_id INTEGER NOT NULL) WITHOUT ROWID, STRICT;
CREATE INDEX ix_idempotency_created_at ON idempotency (created_at);
CREATE INDEX ix_log_task_id ON log (task_id);
CREATE INDEX tasks_by_creation ON tasks (created_at);
CREATE INDEX tasks_by_end ON tasks (finished_at);
CREATE INDEX tasks_by_function ON tasks (function);
CREATE INDEX tasks_by_recipient ON tasks (recipient);
CREATE INDEX tasks_by_state ON tasks (state);
CREATE INDEX tasks_claimable ON tasks (function, priority DESC, id) WHERE state = 'queued';
CREATE INDEX tasks_due ON tasks (run_at) WHERE run_at IS NOT NULL;
CREATE INDEX tasks_held ON tasks (held, function) WHERE held <> '';
CREATE INDEX tasks_with_deadline ON tasks (deadline) WHERE deadline IS NOT NULL;
CREATE INDEX tasks_by_key ON tasks ("key") WHERE key IS NOT NULL AND state NOT IN ('succeeded', 'cancelled', 'failed');
CREATE INDEX tasks_by_reason ON tasks (reason, id) WHERE reason IS NOT NULL;
CREATE INDEX tasks_by_item ON tasks (item_id);
CREATE INDEX tasks_by_took ON tasks (finished_at - coalesce(started_at, finished_at)) WHERE finished_at > 0;
CREATE INDEX tasks_by_seen ON tasks (seen, id) WHERE seen IS NOT NULL;
CREATE INDEX batch_rows_by_identity ON batch_rows (identity, batch_id, "row") WHERE identity IS NOT NULL;
CREATE INDEX batch_rows_by_check ON batch_rows (batch_id, checked, "row");
CREATE INDEX tasks_by_batch ON tasks (batch_id, state, id) WHERE batch_id IS NOT NULL;
CREATE INDEX tasks_by_cause ON tasks (cause, state, id) WHERE cause IS NOT NULL;
CREATE INDEX followers_behind ON followers (behind) WHERE behind IS NOT NULL;
CREATE INDEX followers_after ON followers ("after") WHERE after IS NOT NULL;
CREATE INDEX ix_tokens_task_id ON tokens (task_id);
CREATE INDEX items_by_informed ON items (informed);
CREATE INDEX tasks_by_batch_item ON tasks (batch_id, item_id) WHERE batch_id IS NOT NULL;
CREATE INDEX tasks_by_repeated ON tasks (resend_of) WHERE resend_of IS NOT NULL;
CREATE INDEX batch_rows_by_origin ON batch_rows (origin, batch_id, "row") WHERE origin IS NOT NULL;
CREATE INDEX batches_by_continued ON batches (continues, id) WHERE continues IS NOT NULL;
CREATE INDEX corrections_by_address ON corrections (address);
CREATE INDEX batch_rows_by_outcome ON batch_rows (batch_id, outcome, "row", task_id) WHERE outcome IS NOT NULL;
CREATE INDEX tasks_with_repeats ON tasks (batch_id, state, id) WHERE batch_id IS NOT NULL AND (resend_of IS NOT NULL OR (state = 'failed' AND instr(reason_data, '"task_id"') > 0));
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('tasks',4);
CREATE VIRTUAL TABLE words USING fts5(text, content='', detail=none, tokenize='ascii', prefix='1 2 3 4 5 6');
INSERT INTO words (rowid, text) VALUES (1, 'ada ada x org seven'), (2, 'seven'), (3, 'seven'), (4, 'four seven');
COMMIT;
