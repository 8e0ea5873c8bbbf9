-- The tables that only a database on a server has, beside those of store/tables/schema.py.

-- A process reserves so many task numbers at once.
ALTER SEQUENCE tasks_id_seq INCREMENT BY {numbers}

ALTER TABLE tasks SET (fillfactor = 70)

CREATE TABLE words (task_id BIGINT PRIMARY KEY, words TSVECTOR NOT NULL)

CREATE INDEX words_found ON words USING gin (words)

CREATE TABLE version (version TEXT PRIMARY KEY)

INSERT INTO meta VALUES ('store', replace(gen_random_uuid()::text, '-', ''))

INSERT INTO meta VALUES ('events_floor', '0')

-- Rows that other sessions hand to the process that runs the tasks: see handed_rows.py.
CREATE TABLE handed (
    id BIGSERIAL PRIMARY KEY,
    sender TEXT NOT NULL,
    number BIGINT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('line', 'task')),
    token TEXT UNIQUE,
    wanted TEXT NOT NULL,
    error TEXT,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now(),
    UNIQUE (sender, number)
)

-- Worker processes, the orders for them, and the notes of their attempts: see orders.py.
CREATE TABLE workers (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    offer TEXT NOT NULL,
    stage TEXT NOT NULL CHECK (stage IN ('ready', 'leaving', 'gone')),
    beat BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL DEFAULT now()
)

CREATE TABLE orders (
    task_id BIGINT PRIMARY KEY,
    number BIGSERIAL,
    attempt BIGINT NOT NULL,
    worker TEXT NOT NULL,
    claim TEXT NOT NULL,
    stop BOOLEAN NOT NULL DEFAULT false
)

CREATE INDEX orders_by_number ON orders (worker, number)

CREATE TABLE noted (
    worker TEXT NOT NULL,
    number BIGINT NOT NULL,
    task_id BIGINT NOT NULL,
    attempt BIGINT NOT NULL,
    kind TEXT NOT NULL,
    told TEXT NOT NULL,
    answer TEXT,
    PRIMARY KEY (worker, number)
)

-- Which worker ran which attempt, by the name shown to people; rows are deleted with the task.
CREATE TABLE ran_on (
    task_id BIGINT,
    attempt BIGINT,
    worker TEXT NOT NULL,
    PRIMARY KEY (task_id, attempt)
)

-- Deletes the rows that belong to a deleted worker or task. Foreign keys would do so too, but are
-- looked up for each row written: that took an eighth of the server's processor time for a task.
ALTER TABLE tasks DROP CONSTRAINT tasks_function_fkey

CREATE FUNCTION forget_workers() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog AS $$ BEGIN
    DELETE FROM sendoff.orders USING gone WHERE worker = gone.id;
    DELETE FROM sendoff.noted USING gone WHERE worker = gone.id;
    RETURN NULL; END $$

CREATE TRIGGER forgotten AFTER DELETE ON workers REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION forget_workers()

CREATE FUNCTION forget_tasks() RETURNS trigger LANGUAGE plpgsql
    SET search_path = pg_catalog AS $$ BEGIN
    DELETE FROM sendoff.ran_on USING gone WHERE task_id = gone.id;
    RETURN NULL; END $$

CREATE TRIGGER forgotten AFTER DELETE ON tasks REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION forget_tasks()

-- What a program keeps besides tasks: see files.py.
CREATE TABLE files (
    path TEXT COLLATE "C" PRIMARY KEY,
    content BYTEA NOT NULL,
    at TIMESTAMPTZ NOT NULL DEFAULT now(),
    stamp BIGSERIAL
)
