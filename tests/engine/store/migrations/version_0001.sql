-- A store as version 0001 made it, with one of each.
CREATE TABLE attempts (task_id INTEGER NOT NULL, attempt INTEGER NOT NULL, started_at INTEGER NOT NULL, finished_at INTEGER NOT NULL, outcome TEXT NOT NULL, error TEXT, trace TEXT, PRIMARY KEY (task_id, attempt)) WITHOUT ROWID, STRICT;
CREATE TABLE events (id INTEGER NOT NULL, task_id INTEGER NOT NULL, at INTEGER NOT NULL, state TEXT, attempt INTEGER NOT NULL, why TEXT DEFAULT '' NOT NULL, PRIMARY KEY (id)) STRICT;
CREATE TABLE functions (id INTEGER NOT NULL, name TEXT NOT NULL, queue TEXT NOT NULL, lane TEXT NOT NULL, title TEXT NOT NULL, PRIMARY KEY (id), UNIQUE (name, queue, lane, title)) STRICT;
CREATE TABLE idempotency ("key" TEXT NOT NULL, body_hash TEXT NOT NULL, answer TEXT NOT NULL, created_at INTEGER NOT NULL, PRIMARY KEY ("key")) STRICT;
CREATE INDEX ix_idempotency_created_at ON idempotency (created_at);
CREATE TABLE items (id INTEGER NOT NULL, created_at INTEGER NOT NULL, body TEXT NOT NULL, first_task INTEGER NOT NULL, task_count INTEGER NOT NULL, PRIMARY KEY (id)) STRICT;
CREATE TABLE log (id INTEGER NOT NULL, task_id INTEGER NOT NULL, attempt INTEGER NOT NULL, at INTEGER NOT NULL, level TEXT NOT NULL, text TEXT NOT NULL, PRIMARY KEY (id)) STRICT;
CREATE INDEX ix_log_task_id ON log (task_id);
CREATE TABLE meta ("key" TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY ("key")) WITHOUT ROWID, STRICT;
CREATE TABLE queues (name TEXT NOT NULL, reason TEXT NOT NULL, action TEXT, held_at INTEGER NOT NULL, PRIMARY KEY (name)) WITHOUT ROWID, STRICT;
CREATE TABLE counts (function INTEGER NOT NULL, state TEXT NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (function, state), FOREIGN KEY(function) REFERENCES functions (id)) WITHOUT ROWID, STRICT;
CREATE TABLE tasks (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, rev INTEGER DEFAULT '0' NOT NULL, item_id INTEGER, function INTEGER NOT NULL, title TEXT, recipient TEXT DEFAULT '' NOT NULL, state TEXT NOT NULL, why TEXT DEFAULT '' NOT NULL, held TEXT DEFAULT '' NOT NULL, attempt INTEGER NOT NULL, max_attempts INTEGER NOT NULL, crashes INTEGER NOT NULL, passed INTEGER NOT NULL, stopping INTEGER NOT NULL, priority INTEGER DEFAULT '0' NOT NULL, created_at INTEGER DEFAULT '0' NOT NULL, run_at INTEGER, deadline INTEGER, started_at INTEGER, finished_at INTEGER DEFAULT '0' NOT NULL, progress TEXT, error TEXT, arguments TEXT NOT NULL, result TEXT, reference TEXT, FOREIGN KEY(function) REFERENCES functions (id)) STRICT;
CREATE INDEX tasks_by_creation ON tasks (created_at);
CREATE INDEX tasks_by_end ON tasks (finished_at);
CREATE INDEX tasks_by_function ON tasks (function);
CREATE INDEX tasks_by_item ON tasks (item_id) WHERE item_id IS NOT NULL;
CREATE INDEX tasks_by_recipient ON tasks (recipient);
CREATE INDEX tasks_by_state ON tasks (state);
CREATE INDEX tasks_claimable ON tasks (function, priority DESC, id) WHERE state = 'queued';
CREATE INDEX tasks_due ON tasks (run_at) WHERE run_at IS NOT NULL;
CREATE INDEX tasks_held ON tasks (held, function) WHERE held <> '';
CREATE INDEX tasks_with_deadline ON tasks (deadline) WHERE deadline IS NOT NULL;
CREATE VIRTUAL TABLE words USING fts5(text, content='', detail=none, tokenize='ascii', prefix='1 2 3 4 5 6');
CREATE TABLE alembic_version (version_num TEXT PRIMARY KEY) WITHOUT ROWID;
INSERT INTO alembic_version VALUES ('0001');
INSERT INTO meta VALUES ('store', 'f1e2'), ('events_floor', '3');
INSERT INTO functions VALUES (1, 'work', 'work', 'io', 'Work');
INSERT INTO counts VALUES
  (1, 'scheduled', 1), (1, 'waiting', 1), (1, 'succeeded', 1), (1, 'running', 1),
  (1, 'queued', 0), (1, 'cancelled', 0), (1, 'failed', 0), (1, 'uncertain', 0);
INSERT INTO items VALUES (7, 1000, '{"title":"Seven"}', 1, 4);
INSERT INTO tasks VALUES
  (1, 4, 7, 1, NULL, 'Ada <ada@x.org>', 'succeeded', '', '', 1, 3, 0, 0, 0, 0, 1000, NULL, NULL, 1001, 1002, NULL, NULL, '[[7],{}]', '42', '<1@x.org>'),
  (2, 5, 7, 1, NULL, '', 'scheduled', 'Starts at its time.', '', 0, 3, 0, 0, 0, 2, 1000, 4000000000000, NULL, NULL, 0, NULL, NULL, '[[7],{}]', NULL, NULL),
  (3, 6, 7, 1, NULL, '', 'waiting', 'Tries again later: no', '', 1, 3, 0, 0, 0, 0, 1000, 4000000000000, NULL, 1001, 0, NULL, 'no', '[[7],{}]', NULL, NULL),
  (4, 7, 7, 1, 'Four', '', 'running', '', '', 1, 3, 0, 0, 0, 0, 1000, NULL, NULL, 1001, 0, NULL, NULL, '[[7],{}]', NULL, NULL);
INSERT INTO attempts VALUES (1, 1, 1001, 1002, 'succeeded', NULL, NULL), (3, 1, 1001, 1002, 'failed', 'no', NULL);
INSERT INTO log VALUES (1, 1, 1, 1001, 'info', 'begun');
INSERT INTO events VALUES (4, 1, 1000, 'succeeded', 1, ''), (7, 4, 1000, 'running', 1, '');
INSERT INTO queues VALUES ('mail', 'wrong password', 'mail_settings', 1000);
INSERT INTO idempotency VALUES ('k', 'h', '{}', 1000);
INSERT INTO words (rowid, text) VALUES (1, 'ada  ada x org seven'), (2, 'seven'), (3, 'seven'), (4, 'four seven');
