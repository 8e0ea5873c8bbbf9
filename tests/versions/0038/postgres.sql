SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
CREATE SCHEMA sendoff;
CREATE FUNCTION sendoff.forget_tasks() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog'
    AS $$ BEGIN
    DELETE FROM sendoff.ran_on USING gone WHERE task_id = gone.id;
    RETURN NULL; END $$;
CREATE FUNCTION sendoff.forget_workers() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog'
    AS $$ BEGIN
    DELETE FROM sendoff.orders USING gone WHERE worker = gone.id;
    DELETE FROM sendoff.noted USING gone WHERE worker = gone.id;
    RETURN NULL; END $$;
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE sendoff.attempts (
    task_id bigint NOT NULL,
    attempt bigint NOT NULL,
    started_at bigint NOT NULL,
    finished_at bigint NOT NULL,
    outcome text NOT NULL,
    error text,
    trace text,
    count bigint DEFAULT '1'::bigint NOT NULL
);
CREATE TABLE sendoff.batch_causes (
    batch_id bigint NOT NULL,
    cause text NOT NULL,
    scheduled bigint DEFAULT 0 NOT NULL,
    queued bigint DEFAULT 0 NOT NULL,
    running bigint DEFAULT 0 NOT NULL,
    waiting bigint DEFAULT 0 NOT NULL,
    failed bigint DEFAULT 0 NOT NULL,
    uncertain bigint DEFAULT 0 NOT NULL,
    failed_seen bigint DEFAULT 0 NOT NULL,
    uncertain_seen bigint DEFAULT 0 NOT NULL
);
CREATE TABLE sendoff.batch_rows (
    batch_id bigint NOT NULL,
    "row" bigint NOT NULL,
    revision bigint NOT NULL,
    item text NOT NULL,
    recipient text,
    identity text,
    content text NOT NULL,
    checked text NOT NULL,
    problem text,
    data text,
    path text,
    outcome text,
    item_id bigint,
    task_id bigint,
    ended_at bigint,
    answer text,
    message_id text,
    corrections text,
    origin text,
    bounced text
);
CREATE TABLE sendoff.batches (
    id bigint NOT NULL,
    rev bigint DEFAULT 0 NOT NULL,
    name text NOT NULL,
    state text NOT NULL,
    created_at bigint NOT NULL,
    changed_at bigint NOT NULL,
    started_at bigint,
    finished_at bigint,
    paused_at bigint,
    key text NOT NULL,
    template text,
    tasks text NOT NULL,
    rate text,
    run_at bigint,
    columns text NOT NULL,
    reading text,
    sheet text,
    revision bigint DEFAULT 0 NOT NULL,
    grace_until bigint DEFAULT 0 NOT NULL,
    sends text DEFAULT ''::text NOT NULL,
    fed_to bigint DEFAULT 0 NOT NULL,
    stopped_at bigint,
    rows bigint DEFAULT 0 NOT NULL,
    ready bigint DEFAULT 0 NOT NULL,
    problems bigint DEFAULT 0 NOT NULL,
    same bigint DEFAULT 0 NOT NULL,
    changed bigint DEFAULT 0 NOT NULL,
    twice bigint DEFAULT 0 NOT NULL,
    do_not_send bigint DEFAULT 0 NOT NULL,
    left_out bigint DEFAULT 0 NOT NULL,
    open bigint DEFAULT 0 NOT NULL,
    sent bigint DEFAULT 0 NOT NULL,
    kept bigint DEFAULT 0 NOT NULL,
    failed bigint DEFAULT 0 NOT NULL,
    uncertain bigint DEFAULT 0 NOT NULL,
    cancelled bigint DEFAULT 0 NOT NULL,
    continues bigint,
    corrected bigint DEFAULT 0 NOT NULL,
    unused bigint DEFAULT 0 NOT NULL,
    marked bigint DEFAULT 0 NOT NULL,
    bounced bigint DEFAULT 0 NOT NULL,
    editions text DEFAULT ''::text NOT NULL
);
CREATE SEQUENCE sendoff.batches_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE sendoff.batches_id_seq OWNED BY sendoff.batches.id;
CREATE TABLE sendoff.causes (
    id text NOT NULL,
    about text NOT NULL,
    cure text,
    places text NOT NULL,
    first_at bigint NOT NULL,
    last_at bigint NOT NULL,
    retried_at bigint,
    failed_again bigint NOT NULL,
    scheduled bigint DEFAULT 0 NOT NULL,
    queued bigint DEFAULT 0 NOT NULL,
    running bigint DEFAULT 0 NOT NULL,
    waiting bigint DEFAULT 0 NOT NULL,
    failed bigint DEFAULT 0 NOT NULL,
    uncertain bigint DEFAULT 0 NOT NULL,
    failed_seen bigint DEFAULT 0 NOT NULL,
    uncertain_seen bigint DEFAULT 0 NOT NULL
);
CREATE TABLE sendoff.contexts (
    task_id bigint NOT NULL,
    variables text NOT NULL
);
CREATE SEQUENCE sendoff.contexts_task_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE sendoff.contexts_task_id_seq OWNED BY sendoff.contexts.task_id;
CREATE TABLE sendoff.corrections (
    item_id bigint NOT NULL,
    number bigint NOT NULL,
    at bigint NOT NULL,
    body text NOT NULL,
    recipient text NOT NULL,
    address text DEFAULT ''::text NOT NULL
);
CREATE TABLE sendoff.counts (
    function bigint NOT NULL,
    state text NOT NULL,
    n bigint NOT NULL
);
CREATE TABLE sendoff.do_not_send (
    id bigint NOT NULL,
    address text NOT NULL,
    reason text NOT NULL,
    note text NOT NULL,
    origin text NOT NULL,
    source text NOT NULL,
    at bigint NOT NULL,
    left_out bigint DEFAULT 0 NOT NULL,
    allowed_at bigint
);
CREATE SEQUENCE sendoff.do_not_send_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE sendoff.do_not_send_id_seq OWNED BY sendoff.do_not_send.id;
CREATE TABLE sendoff.due_times (
    name text NOT NULL,
    due_at bigint NOT NULL,
    task_id bigint NOT NULL
);
CREATE TABLE sendoff.events (
    id bigint NOT NULL,
    task_id bigint NOT NULL,
    at bigint NOT NULL,
    state text,
    attempt bigint NOT NULL,
    why text DEFAULT ''::text NOT NULL
);
CREATE SEQUENCE sendoff.events_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE sendoff.events_id_seq OWNED BY sendoff.events.id;
CREATE TABLE sendoff.files (
    path text NOT NULL COLLATE pg_catalog."C",
    content bytea NOT NULL,
    at timestamp with time zone DEFAULT now() NOT NULL,
    stamp bigint NOT NULL
);
CREATE SEQUENCE sendoff.files_stamp_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE sendoff.files_stamp_seq OWNED BY sendoff.files.stamp;
CREATE TABLE sendoff.followers (
    task_id bigint NOT NULL,
    awaited bigint NOT NULL,
    success bigint NOT NULL
);
CREATE TABLE sendoff.functions (
    id bigint NOT NULL,
    name text NOT NULL,
    queue text NOT NULL,
    lane text NOT NULL,
    title text NOT NULL
);
CREATE SEQUENCE sendoff.functions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE sendoff.functions_id_seq OWNED BY sendoff.functions.id;
CREATE TABLE sendoff.handed (
    id bigint NOT NULL,
    sender text NOT NULL,
    number bigint NOT NULL,
    kind text NOT NULL,
    token text,
    wanted text NOT NULL,
    error text,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT handed_kind_check CHECK ((kind = ANY (ARRAY['line'::text, 'task'::text])))
);
CREATE SEQUENCE sendoff.handed_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE sendoff.handed_id_seq OWNED BY sendoff.handed.id;
CREATE TABLE sendoff.idempotency (
    key text NOT NULL,
    body_hash text NOT NULL,
    answer text NOT NULL,
    created_at bigint NOT NULL
);
CREATE TABLE sendoff.items (
    id bigint NOT NULL,
    created_at bigint NOT NULL,
    body text NOT NULL,
    first_task bigint NOT NULL,
    task_count bigint NOT NULL,
    joined text,
    informed text,
    informed_at bigint,
    past text,
    words text
);
CREATE SEQUENCE sendoff.items_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE sendoff.items_id_seq OWNED BY sendoff.items.id;
CREATE TABLE sendoff.log (
    id bigint NOT NULL,
    task_id bigint NOT NULL,
    attempt bigint NOT NULL,
    at bigint NOT NULL,
    level text NOT NULL,
    text text NOT NULL,
    deed text
);
CREATE SEQUENCE sendoff.log_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE sendoff.log_id_seq OWNED BY sendoff.log.id;
CREATE TABLE sendoff.meta (
    key text NOT NULL,
    value text NOT NULL
);
CREATE TABLE sendoff.noted (
    worker text NOT NULL,
    number bigint NOT NULL,
    task_id bigint NOT NULL,
    attempt bigint NOT NULL,
    kind text NOT NULL,
    told text NOT NULL,
    answer text
);
CREATE TABLE sendoff.orders (
    task_id bigint NOT NULL,
    number bigint NOT NULL,
    attempt bigint NOT NULL,
    worker text NOT NULL,
    claim text NOT NULL,
    stop boolean DEFAULT false NOT NULL
);
CREATE SEQUENCE sendoff.orders_number_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE sendoff.orders_number_seq OWNED BY sendoff.orders.number;
CREATE TABLE sendoff.pace (
    span bigint NOT NULL,
    at bigint NOT NULL,
    function bigint NOT NULL,
    done bigint NOT NULL,
    failed bigint NOT NULL,
    again bigint NOT NULL,
    longest bigint NOT NULL,
    waits text NOT NULL,
    runs text NOT NULL
);
CREATE TABLE sendoff.pauses (
    queue text NOT NULL,
    since bigint NOT NULL
);
CREATE TABLE sendoff.pending (
    id bigint NOT NULL,
    action text NOT NULL,
    tasks text NOT NULL,
    count bigint NOT NULL,
    asked text NOT NULL,
    due_at bigint NOT NULL,
    done_at bigint,
    answer text
);
CREATE SEQUENCE sendoff.pending_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE sendoff.pending_id_seq OWNED BY sendoff.pending.id;
CREATE TABLE sendoff.queues (
    name text NOT NULL,
    reason text NOT NULL,
    action text,
    held_at bigint NOT NULL,
    server text,
    code bigint,
    kind text DEFAULT 'queue_held'::text NOT NULL,
    until bigint,
    probes bigint DEFAULT '0'::bigint NOT NULL,
    enhanced text
);
CREATE TABLE sendoff.ran_on (
    task_id bigint NOT NULL,
    attempt bigint NOT NULL,
    worker text NOT NULL
);
CREATE TABLE sendoff.scheduled_in_batches (
    batch_id bigint NOT NULL,
    function bigint NOT NULL,
    cause text NOT NULL,
    aside bigint NOT NULL,
    again bigint NOT NULL,
    n bigint NOT NULL
);
CREATE TABLE sendoff.schedules (
    name text NOT NULL,
    rule text NOT NULL,
    next_at bigint,
    paused_at bigint,
    last_at bigint,
    last_task bigint
);
CREATE TABLE sendoff.sources (
    name text NOT NULL,
    source text NOT NULL
);
CREATE TABLE sendoff.starts (
    queue text NOT NULL,
    at bigint NOT NULL,
    n bigint NOT NULL
);
CREATE TABLE sendoff.steps (
    task_id bigint NOT NULL,
    name text NOT NULL,
    attempt bigint NOT NULL,
    at bigint NOT NULL,
    result text NOT NULL
);
CREATE TABLE sendoff.tasks (
    id bigint NOT NULL,
    rev bigint DEFAULT '0'::bigint NOT NULL,
    item_id bigint,
    function bigint NOT NULL,
    title text,
    recipient text DEFAULT ''::text NOT NULL,
    state text NOT NULL,
    why text DEFAULT ''::text NOT NULL,
    held text DEFAULT ''::text NOT NULL,
    attempt bigint NOT NULL,
    max_attempts bigint NOT NULL,
    crashes bigint NOT NULL,
    passed bigint NOT NULL,
    stopping bigint NOT NULL,
    priority bigint DEFAULT '0'::bigint NOT NULL,
    created_at bigint DEFAULT '0'::bigint NOT NULL,
    run_at bigint,
    deadline bigint,
    started_at bigint,
    finished_at bigint DEFAULT '0'::bigint NOT NULL,
    progress text,
    error text,
    arguments text NOT NULL,
    result text,
    reference text,
    key text,
    delayed bigint DEFAULT '0'::bigint NOT NULL,
    handover text,
    reason text,
    reason_data text,
    resend_of bigint,
    seen bigint,
    addressee text,
    copy_for text,
    batch_id bigint,
    batch_row bigint,
    cause text,
    past_errors text,
    next_to text,
    edition text,
    ready_at bigint
)
WITH (fillfactor='70');
CREATE SEQUENCE sendoff.tasks_id_seq
    START WITH 1
    INCREMENT BY 64
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE sendoff.tasks_id_seq OWNED BY sendoff.tasks.id;
CREATE TABLE sendoff.tokens (
    token text NOT NULL,
    task_id bigint NOT NULL
);
CREATE TABLE sendoff.version (
    version text NOT NULL
);
CREATE TABLE sendoff.words (
    task_id bigint NOT NULL,
    words tsvector NOT NULL
);
CREATE TABLE sendoff.workers (
    id text NOT NULL,
    name text NOT NULL,
    offer text NOT NULL,
    stage text NOT NULL,
    beat bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT workers_stage_check CHECK ((stage = ANY (ARRAY['ready'::text, 'leaving'::text, 'gone'::text])))
);
ALTER TABLE ONLY sendoff.batches ALTER COLUMN id SET DEFAULT nextval('sendoff.batches_id_seq'::regclass);
ALTER TABLE ONLY sendoff.contexts ALTER COLUMN task_id SET DEFAULT nextval('sendoff.contexts_task_id_seq'::regclass);
ALTER TABLE ONLY sendoff.do_not_send ALTER COLUMN id SET DEFAULT nextval('sendoff.do_not_send_id_seq'::regclass);
ALTER TABLE ONLY sendoff.events ALTER COLUMN id SET DEFAULT nextval('sendoff.events_id_seq'::regclass);
ALTER TABLE ONLY sendoff.files ALTER COLUMN stamp SET DEFAULT nextval('sendoff.files_stamp_seq'::regclass);
ALTER TABLE ONLY sendoff.functions ALTER COLUMN id SET DEFAULT nextval('sendoff.functions_id_seq'::regclass);
ALTER TABLE ONLY sendoff.handed ALTER COLUMN id SET DEFAULT nextval('sendoff.handed_id_seq'::regclass);
ALTER TABLE ONLY sendoff.items ALTER COLUMN id SET DEFAULT nextval('sendoff.items_id_seq'::regclass);
ALTER TABLE ONLY sendoff.log ALTER COLUMN id SET DEFAULT nextval('sendoff.log_id_seq'::regclass);
ALTER TABLE ONLY sendoff.orders ALTER COLUMN number SET DEFAULT nextval('sendoff.orders_number_seq'::regclass);
ALTER TABLE ONLY sendoff.pending ALTER COLUMN id SET DEFAULT nextval('sendoff.pending_id_seq'::regclass);
ALTER TABLE ONLY sendoff.tasks ALTER COLUMN id SET DEFAULT nextval('sendoff.tasks_id_seq'::regclass);
INSERT INTO sendoff.attempts VALUES (1, 1, 1796026198469, 1796026198489, 'succeeded', NULL, NULL, 1);
INSERT INTO sendoff.attempts VALUES (2, 1, 1796026198533, 1796026198549, 'failed', 'There is no such seat.', 'Traceback (most recent call last):
  File "/tmp/tmpy56vabmq/data/tasks/own.py", line 28, in refused
    raise GiveUp("There is no such seat.")
sendoff_tasks.errors.GiveUp: There is no such seat.
', 1);
INSERT INTO sendoff.attempts VALUES (3, 1, 1796026198567, 1796026198576, 'waiting', 'Say which seat.', 'Traceback (most recent call last):
  File "/tmp/tmpy56vabmq/data/tasks/own.py", line 34, in held
    raise NeedsPerson("Say which seat.")
sendoff_tasks.errors.NeedsPerson: Say which seat.
', 1);
INSERT INTO sendoff.attempts VALUES (4, 1, 1796026198593, 1796026198608, 'uncertain', 'No answer came.', 'Traceback (most recent call last):
  File "/tmp/tmpy56vabmq/data/tasks/own.py", line 40, in unsure
    raise Uncertain("No answer came.")
sendoff_tasks.errors.Uncertain: No answer came.
', 1);
INSERT INTO sendoff.attempts VALUES (8, 1, 1796026198722, 1796026198757, 'too early', '“confirmation.jinja” is missing, or being replaced. The e-mail waits until that ends.', 'Traceback (most recent call last):
  File "/opt/sendoff/desktop/tasks/mail_tasks.py", line 272, in _fates
    yield
  File "/opt/sendoff/desktop/tasks/mail_tasks.py", line 118, in send_confirmation_email
    return _send(mail, mailer, item, item_id, to, name, ctx, own)
           ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  File "/opt/sendoff/desktop/tasks/mail_tasks.py", line 202, in _send
    with mailer.whole_files(item):
  File "/opt/sendoff/runtime/python3/lib/python3.11/contextlib.py", line 137, in __enter__
    return next(self.gen)
           ^^^^^^^^^^^^^^
  File "/opt/sendoff/desktop/mail/mailer.py", line 185, in whole_files
    made_of[place] = _whole_stamp(*place)
                     ^^^^^^^^^^^^^^^^^^^^
  File "/opt/sendoff/desktop/mail/mailer.py", line 316, in _whole_stamp
    raise BeingWritten(f"“{name}” {what}. The e-mail waits until that ends.")
desktop.mail.errors.BeingWritten: “confirmation.jinja” is missing, or being replaced. The e-mail waits until that ends.
The above exception was the direct cause of the following exception:
Traceback (most recent call last):
  File "/opt/sendoff/desktop/tasks/mail_tasks.py", line 109, in send_confirmation_email
    with _fates(ctx):
  File "/opt/sendoff/runtime/python3/lib/python3.11/contextlib.py", line 158, in __exit__
    self.gen.throw(typ, value, traceback)
  File "/opt/sendoff/desktop/tasks/mail_tasks.py", line 275, in _fates
    raise RetryLater(str(error), after, counts=False) from error
sendoff_tasks.errors.RetryLater: “confirmation.jinja” is missing, or being replaced. The e-mail waits until that ends.
', 1);
INSERT INTO sendoff.attempts VALUES (8, 2, 1796026199757, 1796026199772, 'succeeded', NULL, NULL, 1);
INSERT INTO sendoff.batch_rows VALUES (1, 3, 0, '{"title":"Members","recipient":{"name":"P3","email":"members3@example.org"}}', 'P3 <members3@example.org>', '38467d43ecea943cd90b1bf7190c7bc9', 'e9d64ce9022c7f27ce9100ac12c3a040', 'ready', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO sendoff.batch_rows VALUES (1, 2, 0, '{"title":"Members","recipient":{"name":"P2","email":"members2@example.org"}}', 'P2 <members2@example.org>', '815ab1e7bb063d58dab2d2113e743afc', 'ab43a9080f4ea1259902c6fc5c545af4', 'ready', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO sendoff.batch_rows VALUES (1, 1, 0, '{"title":"Members","recipient":{"name":"P1","email":"members1@example.org"}}', 'P1 <members1@example.org>', 'd5d2e5b9b340a4056a4b37e77e849db5', 'd829a1ac17beb83351c567f2663e0fa5', 'ready', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO sendoff.batch_rows VALUES (2, 3, 0, '{"title":"Draft","recipient":{"name":"P3","email":"draft3@example.org"}}', 'P3 <draft3@example.org>', '018b87ec3fc8177b4463d69acd449571', '8f58418971a5478b4a50e487b81523a2', 'ready', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO sendoff.batch_rows VALUES (2, 1, 0, '{"title":"Draft","recipient":{"name":"P1","email":"draft1@example.org"}}', 'P1 <draft1@example.org>', '8575783266771d7b0acd490632e608a7', '387e1a9719928c838be8215716292329', 'ready', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO sendoff.batch_rows VALUES (2, 2, 0, '{"title":"Draft","recipient":{"name":"P2","email":"draft2@example.org"}}', 'P2 <draft2@example.org>', '8a8c33eae5f7430810fad65898179b65', 'f999314b38a691637b6faf2dbe41c57d', 'ready', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO sendoff.batches VALUES (1, 30, 'Members', 'running', 1796026199811, 1796026199838, 1796026199838, NULL, NULL, '["name", "email"]', NULL, '["send_confirmation_email"]', NULL, NULL, '{}', NULL, NULL, 0, 0, 'ready', 0, NULL, 3, 3, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 0, 0, NULL, 0, 0, 0, 0, '{}');
INSERT INTO sendoff.batches VALUES (2, 32, 'Draft', 'draft', 1796026199851, 1796026199878, NULL, NULL, NULL, '["name", "email"]', NULL, '["send_confirmation_email"]', NULL, NULL, '{}', NULL, NULL, 0, 0, '', 0, NULL, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, NULL, 0, 0, 0, 0, '');
INSERT INTO sendoff.causes VALUES ('0a8c26d959560578', '{}', NULL, '[]', 1796026198757, 1796026198757, NULL, 0, 0, 0, 0, 0, 0, 0, 0, 0);
INSERT INTO sendoff.causes VALUES ('7a0ef64f15c87188', '{"kind": "reason", "reason": "may_be_done", "task": "unsure", "task_title": "Unsure"}', NULL, '[]', 1796026198608, 1796026198608, NULL, 0, 0, 0, 0, 0, 0, 1, 0, 0);
INSERT INTO sendoff.causes VALUES ('8dc1d254d000764e', '{"kind": "said", "task": "held", "text": "Say which seat.", "task_title": "Held"}', 'retry', '[]', 1796026198576, 1796026198576, NULL, 0, 0, 0, 0, 1, 0, 0, 0, 0);
INSERT INTO sendoff.causes VALUES ('bb0383a9ccd1ca51', '{"kind": "said", "task": "refused", "text": "There is no such seat.", "task_title": "Refused"}', NULL, '[]', 1796026198549, 1796026198549, NULL, 0, 0, 0, 0, 0, 1, 0, 0, 0);
INSERT INTO sendoff.counts VALUES (1, 'cancelled', 1);
INSERT INTO sendoff.counts VALUES (1, 'failed', 0);
INSERT INTO sendoff.counts VALUES (1, 'queued', 3);
INSERT INTO sendoff.counts VALUES (1, 'running', 0);
INSERT INTO sendoff.counts VALUES (1, 'scheduled', 1);
INSERT INTO sendoff.counts VALUES (1, 'succeeded', 1);
INSERT INTO sendoff.counts VALUES (1, 'uncertain', 0);
INSERT INTO sendoff.counts VALUES (1, 'waiting', 0);
INSERT INTO sendoff.counts VALUES (2, 'cancelled', 0);
INSERT INTO sendoff.counts VALUES (2, 'failed', 1);
INSERT INTO sendoff.counts VALUES (2, 'queued', 0);
INSERT INTO sendoff.counts VALUES (2, 'running', 0);
INSERT INTO sendoff.counts VALUES (2, 'scheduled', 0);
INSERT INTO sendoff.counts VALUES (2, 'succeeded', 0);
INSERT INTO sendoff.counts VALUES (2, 'uncertain', 0);
INSERT INTO sendoff.counts VALUES (2, 'waiting', 0);
INSERT INTO sendoff.counts VALUES (3, 'cancelled', 0);
INSERT INTO sendoff.counts VALUES (3, 'failed', 0);
INSERT INTO sendoff.counts VALUES (3, 'queued', 0);
INSERT INTO sendoff.counts VALUES (3, 'running', 0);
INSERT INTO sendoff.counts VALUES (3, 'scheduled', 0);
INSERT INTO sendoff.counts VALUES (3, 'succeeded', 0);
INSERT INTO sendoff.counts VALUES (3, 'uncertain', 0);
INSERT INTO sendoff.counts VALUES (3, 'waiting', 1);
INSERT INTO sendoff.counts VALUES (4, 'cancelled', 0);
INSERT INTO sendoff.counts VALUES (4, 'failed', 0);
INSERT INTO sendoff.counts VALUES (4, 'queued', 0);
INSERT INTO sendoff.counts VALUES (4, 'running', 0);
INSERT INTO sendoff.counts VALUES (4, 'scheduled', 0);
INSERT INTO sendoff.counts VALUES (4, 'succeeded', 0);
INSERT INTO sendoff.counts VALUES (4, 'uncertain', 1);
INSERT INTO sendoff.counts VALUES (4, 'waiting', 0);
INSERT INTO sendoff.counts VALUES (5, 'cancelled', 0);
INSERT INTO sendoff.counts VALUES (5, 'failed', 0);
INSERT INTO sendoff.counts VALUES (5, 'queued', 0);
INSERT INTO sendoff.counts VALUES (5, 'running', 1);
INSERT INTO sendoff.counts VALUES (5, 'scheduled', 0);
INSERT INTO sendoff.counts VALUES (5, 'succeeded', 0);
INSERT INTO sendoff.counts VALUES (5, 'uncertain', 0);
INSERT INTO sendoff.counts VALUES (5, 'waiting', 0);
INSERT INTO sendoff.counts VALUES (6, 'cancelled', 0);
INSERT INTO sendoff.counts VALUES (6, 'failed', 0);
INSERT INTO sendoff.counts VALUES (6, 'queued', 0);
INSERT INTO sendoff.counts VALUES (6, 'running', 0);
INSERT INTO sendoff.counts VALUES (6, 'scheduled', 0);
INSERT INTO sendoff.counts VALUES (6, 'succeeded', 1);
INSERT INTO sendoff.counts VALUES (6, 'uncertain', 0);
INSERT INTO sendoff.counts VALUES (6, 'waiting', 0);
INSERT INTO sendoff.events VALUES (2, 1, 1796026198469, 'running', 1, '');
INSERT INTO sendoff.events VALUES (3, 1, 1796026198489, 'succeeded', 1, '');
INSERT INTO sendoff.events VALUES (5, 2, 1796026198533, 'running', 1, '');
INSERT INTO sendoff.events VALUES (6, 2, 1796026198549, 'failed', 1, 'Its answer was final.');
INSERT INTO sendoff.events VALUES (8, 3, 1796026198567, 'running', 1, '');
INSERT INTO sendoff.events VALUES (9, 3, 1796026198576, 'waiting', 1, 'Say which seat.');
INSERT INTO sendoff.events VALUES (11, 4, 1796026198593, 'running', 1, '');
INSERT INTO sendoff.events VALUES (12, 4, 1796026198608, 'uncertain', 1, 'It was found, before its point of no return, that it may have happened already.');
INSERT INTO sendoff.events VALUES (14, 5, 1796026198626, 'running', 1, '');
INSERT INTO sendoff.events VALUES (15, 6, 1796026198629, 'scheduled', 0, 'Starts at its time.');
INSERT INTO sendoff.events VALUES (16, 7, 1796026198630, 'scheduled', 0, 'Starts at its time.');
INSERT INTO sendoff.events VALUES (17, 7, 1796026198631, 'cancelled', 0, 'It was cancelled.');
INSERT INTO sendoff.events VALUES (19, 8, 1796026198722, 'running', 1, '');
INSERT INTO sendoff.events VALUES (20, 8, 1796026198757, 'waiting', 1, 'Tries again later: “confirmation.jinja” is missing, or being replaced. The e-mail waits until that ends.');
INSERT INTO sendoff.events VALUES (21, 8, 1796026199757, 'queued', 1, '');
INSERT INTO sendoff.events VALUES (22, 8, 1796026199757, 'running', 2, '');
INSERT INTO sendoff.events VALUES (23, 8, 1796026199772, 'succeeded', 2, 'Its effect was kept here, not done for real.');
INSERT INTO sendoff.events VALUES (24, 0, 1796026199784, NULL, 0, '');
INSERT INTO sendoff.events VALUES (25, 9, 1796026199794, 'queued', 0, '');
INSERT INTO sendoff.events VALUES (26, 10, 1796026199803, 'queued', 0, '');
INSERT INTO sendoff.events VALUES (27, 11, 1796026199810, 'queued', 0, '');
INSERT INTO sendoff.events VALUES (28, -1, 1796026199811, NULL, 0, '');
INSERT INTO sendoff.events VALUES (29, -1, 1796026199817, NULL, 0, '');
INSERT INTO sendoff.events VALUES (30, -1, 1796026199838, NULL, 0, '');
INSERT INTO sendoff.events VALUES (31, -2, 1796026199851, NULL, 0, '');
INSERT INTO sendoff.events VALUES (32, -2, 1796026199878, NULL, 0, '');
INSERT INTO sendoff.files VALUES ('templates/renewal.jinja', '\x2d2d2d0a666f726d61743a206d61726b646f776e0a2d2d2d0a7b2520626c6f636b207375626a65637420257d52656e6577616c206f66207b7b207469746c65207d7d7b2520656e64626c6f636b20257d0a7b2520626c6f636b207465787420257d0a44656172207b7b206e616d65207d7d2c0a0a2a2a7468616e6b20796f752a2a2e0a7b2520656e64626c6f636b20257d0a', '2026-11-30 08:09:58.441252+00', 1);
INSERT INTO sendoff.files VALUES ('settings.toml', '\x5b6d61696c5d0a7472616e73706f7274203d20227072616374696365220a686f7374203d2022220a706f7274203d203538370a7365637572697479203d20227374617274746c73220a75736572203d2022220a73656e646572203d2022426f78206f6666696365203c626f78406578616d706c652e6f72673e220a64656661756c745f726563697069656e74203d2022796f75406578616d706c652e6f7267220a7369676e5f696e203d2022220a636c69656e745f6964203d2022220a74656e616e74203d2022220a0a5b77696e646f775d0a67726163655f7365636f6e6473203d20352e300a0a5b6b6565705d0a7461736b735f64617973203d2033363530300a6d657373616765735f64617973203d2033363530300a636f6e74656e74735f64617973203d2033363530300a6974656d735f64617973203d2033363530300a', '2026-11-30 08:09:59.896863+00', 2);
INSERT INTO sendoff.functions VALUES (1, 'done', 'done', 'io', 'Done');
INSERT INTO sendoff.functions VALUES (2, 'refused', 'refused', 'io', 'Refused');
INSERT INTO sendoff.functions VALUES (3, 'held', 'held', 'io', 'Held');
INSERT INTO sendoff.functions VALUES (4, 'unsure', 'unsure', 'io', 'Unsure');
INSERT INTO sendoff.functions VALUES (5, 'wait', 'wait', 'io', 'Wait');
INSERT INTO sendoff.functions VALUES (6, 'send_confirmation_email', 'mail', 'io', 'Confirmation e-mail');
INSERT INTO sendoff.items VALUES (1, 1796026198469, '{"title":"Seat 1","recipient":{"name":"Ada Lovelace","email":"p1@example.org"}}', 1, 1, NULL, NULL, NULL, NULL, NULL);
INSERT INTO sendoff.items VALUES (2, 1796026198533, '{"title":"Seat 2","recipient":{"name":"Ada Lovelace","email":"p2@example.org"}}', 2, 1, NULL, NULL, NULL, NULL, NULL);
INSERT INTO sendoff.items VALUES (3, 1796026198567, '{"title":"Seat 3","recipient":{"name":"Ada Lovelace","email":"p3@example.org"}}', 3, 1, NULL, NULL, NULL, NULL, NULL);
INSERT INTO sendoff.items VALUES (4, 1796026198593, '{"title":"Seat 4","recipient":{"name":"Ada Lovelace","email":"p4@example.org"}}', 4, 1, NULL, NULL, NULL, NULL, NULL);
INSERT INTO sendoff.items VALUES (5, 1796026198626, '{"title":"Seat 5","recipient":{"name":"Ada Lovelace","email":"p5@example.org"}}', 5, 1, NULL, NULL, NULL, NULL, NULL);
INSERT INTO sendoff.items VALUES (6, 1796026198629, '{"title":"Seat 6","recipient":{"name":"Ada Lovelace","email":"p6@example.org"}}', 6, 1, NULL, NULL, NULL, NULL, NULL);
INSERT INTO sendoff.items VALUES (7, 1796026198630, '{"title":"Seat 7","recipient":{"name":"Ada Lovelace","email":"p7@example.org"}}', 7, 1, NULL, NULL, NULL, NULL, NULL);
INSERT INTO sendoff.items VALUES (8, 1796026198722, '{"title":"Seat 8","recipient":{"name":"Ada Lovelace","email":"p8@example.org"}}', 8, 1, NULL, 'kept', 1796026199772, NULL, NULL);
INSERT INTO sendoff.items VALUES (9, 1796026199794, '{"title":"Seat 9","recipient":{"name":"Ada Lovelace","email":"p9@example.org"}}', 9, 1, NULL, NULL, NULL, NULL, NULL);
INSERT INTO sendoff.items VALUES (10, 1796026199803, '{"title":"Seat 10","recipient":{"name":"Ada Lovelace","email":"p10@example.org"}}', 10, 1, NULL, NULL, NULL, NULL, NULL);
INSERT INTO sendoff.items VALUES (11, 1796026199810, '{"title":"Seat 11","recipient":{"name":"Ada Lovelace","email":"p11@example.org"}}', 11, 1, NULL, NULL, NULL, NULL, NULL);
INSERT INTO sendoff.log VALUES (1, 7, 0, 1796026198631, 'info', 'It was cancelled.', 'cancelled');
INSERT INTO sendoff.log VALUES (2, 8, 2, 1796026199767, 'info', 'kept in the outbox as b46d7f1ebad0a7f42e922884469e@example.org.eml', NULL);
INSERT INTO sendoff.meta VALUES ('version items', '0038');
INSERT INTO sendoff.meta VALUES ('purpose', 'items');
INSERT INTO sendoff.meta VALUES ('application', '{"mail": {"transport": "practice", "host": "", "port": 587, "security": "starttls", "user": "", "sender": "Box office <box@example.org>", "default_recipient": "you@example.org", "sign_in": "", "client_id": "", "tenant": ""}, "window": {"grace_seconds": 5.0}, "keep": {"tasks_days": 36500, "messages_days": 36500, "contents_days": 36500, "items_days": 36500}, "queues": {}, "templates": []}');
INSERT INTO sendoff.meta VALUES ('events_floor', '0');
INSERT INTO sendoff.meta VALUES ('last_batch', '2');
INSERT INTO sendoff.meta VALUES ('restored', '');
INSERT INTO sendoff.meta VALUES ('store', 'd98f65e72d0b440da788ff1bf22fa819');
INSERT INTO sendoff.pace VALUES (60000, 1796026140000, 1, 1, 0, 0, 20, '{"0":1}', '{"13":1}');
INSERT INTO sendoff.pace VALUES (60000, 1796026140000, 2, 0, 1, 0, 16, '{"0":1}', '{"12":1}');
INSERT INTO sendoff.pace VALUES (60000, 1796026140000, 3, 0, 0, 1, 0, '{"0":1}', '{}');
INSERT INTO sendoff.pace VALUES (60000, 1796026140000, 4, 0, 1, 0, 0, '{"0":1}', '{}');
INSERT INTO sendoff.pace VALUES (60000, 1796026140000, 5, 0, 0, 0, 0, '{"0":1}', '{}');
INSERT INTO sendoff.pace VALUES (60000, 1796026140000, 6, 1, 0, 1, 15, '{"0":2}', '{"11":1}');
INSERT INTO sendoff.pace VALUES (3600000, 1796025600000, 1, 1, 0, 0, 20, '{"0":1}', '{"13":1}');
INSERT INTO sendoff.pace VALUES (3600000, 1796025600000, 2, 0, 1, 0, 16, '{"0":1}', '{"12":1}');
INSERT INTO sendoff.pace VALUES (3600000, 1796025600000, 3, 0, 0, 1, 0, '{"0":1}', '{}');
INSERT INTO sendoff.pace VALUES (3600000, 1796025600000, 4, 0, 1, 0, 0, '{"0":1}', '{}');
INSERT INTO sendoff.pace VALUES (3600000, 1796025600000, 5, 0, 0, 0, 0, '{"0":1}', '{}');
INSERT INTO sendoff.pace VALUES (3600000, 1796025600000, 6, 1, 0, 1, 15, '{"0":2}', '{"11":1}');
INSERT INTO sendoff.pauses VALUES ('', 1796026199784);
INSERT INTO sendoff.sources VALUES ('send_confirmation_email', 'desktop.tasks.mail_tasks:confirmation.<locals>.send_confirmation_email');
INSERT INTO sendoff.tasks VALUES (1, 3, 1, 1, NULL, '', 'succeeded', '', '', 1, 5, 0, 0, 0, 0, 1796026198469, NULL, NULL, 1796026198469, 1796026198489, NULL, NULL, '[[1],{}]', '"done"', NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO sendoff.tasks VALUES (2, 6, 2, 2, NULL, '', 'failed', 'Its answer was final.', '', 1, 5, 0, 0, 0, 0, 1796026198533, NULL, NULL, 1796026198533, 1796026198549, NULL, 'There is no such seat.', '[[2],{}]', NULL, NULL, NULL, 0, NULL, 'final_answer', NULL, NULL, 0, NULL, NULL, NULL, NULL, 'bb0383a9ccd1ca51', NULL, NULL, NULL, NULL);
INSERT INTO sendoff.tasks VALUES (3, 9, 3, 3, NULL, '', 'waiting', 'Say which seat.', 'person', 1, 6, 0, 0, 0, 0, 1796026198567, NULL, NULL, 1796026198567, 0, NULL, 'Say which seat.', '[[3],{}]', NULL, NULL, NULL, 0, NULL, 'held_for_person', '{"text": "Say which seat."}', NULL, NULL, NULL, NULL, NULL, NULL, '8dc1d254d000764e', NULL, NULL, NULL, NULL);
INSERT INTO sendoff.tasks VALUES (4, 12, 4, 4, NULL, '', 'uncertain', 'It was found, before its point of no return, that it may have happened already.', '', 1, 5, 0, 0, 0, 0, 1796026198593, NULL, NULL, 1796026198593, 1796026198608, NULL, 'No answer came.', '[[4],{}]', NULL, NULL, NULL, 0, NULL, 'may_be_done', '{"since": "2026-11-30T08:09:58.608Z"}', NULL, 0, NULL, NULL, NULL, NULL, '7a0ef64f15c87188', NULL, NULL, NULL, NULL);
INSERT INTO sendoff.tasks VALUES (5, 14, 5, 5, NULL, '', 'running', '', '', 1, 5, 0, 0, 0, 0, 1796026198626, NULL, NULL, 1796026198626, 0, NULL, NULL, '[[5],{}]', NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO sendoff.tasks VALUES (6, 15, 6, 1, NULL, '', 'scheduled', 'Starts at its time.', '', 0, 5, 0, 0, 0, 0, 1796026198629, 4102444800000, NULL, NULL, 0, NULL, NULL, '[[6],{}]', NULL, NULL, NULL, 0, NULL, 'delayed', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO sendoff.tasks VALUES (7, 17, 7, 1, NULL, '', 'cancelled', 'It was cancelled.', '', 0, 5, 0, 0, 0, 0, 1796026198630, NULL, NULL, NULL, 1796026198631, NULL, NULL, '[[7],{}]', NULL, NULL, NULL, 0, NULL, 'cancelled_by_person', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO sendoff.tasks VALUES (8, 23, 8, 6, NULL, '', 'succeeded', 'Its effect was kept here, not done for real.', '', 2, 9, 0, 0, 0, 0, 1796026198722, NULL, NULL, 1796026199757, 1796026199772, NULL, NULL, '[[8],{}]', '"Kept in the outbox; practice mode sends nothing."', '<b46d7f1ebad0a7f42e922884469e@example.org>', NULL, 1, NULL, 'kept', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, 'confirmation jinja is missing or being replaced the e mail waits until that ends', NULL, NULL, 1796026199757);
INSERT INTO sendoff.tasks VALUES (9, 25, 9, 1, NULL, '', 'queued', '', '', 0, 5, 0, 0, 0, 0, 1796026199794, NULL, NULL, NULL, 0, NULL, NULL, '[[9],{}]', NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO sendoff.tasks VALUES (10, 26, 10, 1, NULL, '', 'queued', '', '', 0, 5, 0, 0, 0, 0, 1796026199803, NULL, NULL, NULL, 0, NULL, NULL, '[[10],{}]', NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO sendoff.tasks VALUES (11, 27, 11, 1, NULL, '', 'queued', '', '', 0, 5, 0, 0, 0, 0, 1796026199810, NULL, NULL, NULL, 0, NULL, NULL, '[[11],{}]', NULL, NULL, NULL, 0, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);
INSERT INTO sendoff.version VALUES ('0038');
INSERT INTO sendoff.words VALUES (1, '''1'' ''seat''');
INSERT INTO sendoff.words VALUES (2, '''2'' ''seat''');
INSERT INTO sendoff.words VALUES (3, '''3'' ''seat''');
INSERT INTO sendoff.words VALUES (4, '''4'' ''seat''');
INSERT INTO sendoff.words VALUES (5, '''5'' ''seat''');
INSERT INTO sendoff.words VALUES (6, '''6'' ''seat''');
INSERT INTO sendoff.words VALUES (7, '''7'' ''seat''');
INSERT INTO sendoff.words VALUES (8, '''8'' ''seat''');
INSERT INTO sendoff.words VALUES (9, '''9'' ''seat''');
INSERT INTO sendoff.words VALUES (10, '''10'' ''seat''');
INSERT INTO sendoff.words VALUES (11, '''11'' ''seat''');
SELECT pg_catalog.setval('sendoff.batches_id_seq', 2, true);
SELECT pg_catalog.setval('sendoff.contexts_task_id_seq', 1, false);
SELECT pg_catalog.setval('sendoff.do_not_send_id_seq', 1, false);
SELECT pg_catalog.setval('sendoff.events_id_seq', 32, true);
SELECT pg_catalog.setval('sendoff.files_stamp_seq', 2, true);
SELECT pg_catalog.setval('sendoff.functions_id_seq', 6, true);
SELECT pg_catalog.setval('sendoff.handed_id_seq', 1, false);
SELECT pg_catalog.setval('sendoff.items_id_seq', 11, true);
SELECT pg_catalog.setval('sendoff.log_id_seq', 2, true);
SELECT pg_catalog.setval('sendoff.orders_number_seq', 1, false);
SELECT pg_catalog.setval('sendoff.pending_id_seq', 1, false);
SELECT pg_catalog.setval('sendoff.tasks_id_seq', 11, true);
ALTER TABLE ONLY sendoff.attempts
    ADD CONSTRAINT attempts_pkey PRIMARY KEY (task_id, attempt);
ALTER TABLE ONLY sendoff.batch_causes
    ADD CONSTRAINT batch_causes_pkey PRIMARY KEY (batch_id, cause);
ALTER TABLE ONLY sendoff.batch_rows
    ADD CONSTRAINT batch_rows_pkey PRIMARY KEY (batch_id, "row");
ALTER TABLE ONLY sendoff.batches
    ADD CONSTRAINT batches_pkey PRIMARY KEY (id);
ALTER TABLE ONLY sendoff.causes
    ADD CONSTRAINT causes_pkey PRIMARY KEY (id);
ALTER TABLE ONLY sendoff.contexts
    ADD CONSTRAINT contexts_pkey PRIMARY KEY (task_id);
ALTER TABLE ONLY sendoff.corrections
    ADD CONSTRAINT corrections_pkey PRIMARY KEY (item_id, number);
ALTER TABLE ONLY sendoff.counts
    ADD CONSTRAINT counts_pkey PRIMARY KEY (function, state);
ALTER TABLE ONLY sendoff.do_not_send
    ADD CONSTRAINT do_not_send_address_key UNIQUE (address);
ALTER TABLE ONLY sendoff.do_not_send
    ADD CONSTRAINT do_not_send_pkey PRIMARY KEY (id);
ALTER TABLE ONLY sendoff.due_times
    ADD CONSTRAINT due_times_pkey PRIMARY KEY (name, due_at);
ALTER TABLE ONLY sendoff.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (id);
ALTER TABLE ONLY sendoff.files
    ADD CONSTRAINT files_pkey PRIMARY KEY (path);
ALTER TABLE ONLY sendoff.followers
    ADD CONSTRAINT followers_pkey PRIMARY KEY (task_id, awaited, success);
ALTER TABLE ONLY sendoff.functions
    ADD CONSTRAINT functions_name_queue_lane_title_key UNIQUE (name, queue, lane, title);
ALTER TABLE ONLY sendoff.functions
    ADD CONSTRAINT functions_pkey PRIMARY KEY (id);
ALTER TABLE ONLY sendoff.handed
    ADD CONSTRAINT handed_pkey PRIMARY KEY (id);
ALTER TABLE ONLY sendoff.handed
    ADD CONSTRAINT handed_sender_number_key UNIQUE (sender, number);
ALTER TABLE ONLY sendoff.handed
    ADD CONSTRAINT handed_token_key UNIQUE (token);
ALTER TABLE ONLY sendoff.idempotency
    ADD CONSTRAINT idempotency_pkey PRIMARY KEY (key);
ALTER TABLE ONLY sendoff.items
    ADD CONSTRAINT items_pkey PRIMARY KEY (id);
ALTER TABLE ONLY sendoff.log
    ADD CONSTRAINT log_pkey PRIMARY KEY (id);
ALTER TABLE ONLY sendoff.meta
    ADD CONSTRAINT meta_pkey PRIMARY KEY (key);
ALTER TABLE ONLY sendoff.noted
    ADD CONSTRAINT noted_pkey PRIMARY KEY (worker, number);
ALTER TABLE ONLY sendoff.orders
    ADD CONSTRAINT orders_pkey PRIMARY KEY (task_id);
ALTER TABLE ONLY sendoff.pace
    ADD CONSTRAINT pace_pkey PRIMARY KEY (span, at, function);
ALTER TABLE ONLY sendoff.pauses
    ADD CONSTRAINT pauses_pkey PRIMARY KEY (queue);
ALTER TABLE ONLY sendoff.pending
    ADD CONSTRAINT pending_pkey PRIMARY KEY (id);
ALTER TABLE ONLY sendoff.queues
    ADD CONSTRAINT queues_pkey PRIMARY KEY (name);
ALTER TABLE ONLY sendoff.ran_on
    ADD CONSTRAINT ran_on_pkey PRIMARY KEY (task_id, attempt);
ALTER TABLE ONLY sendoff.scheduled_in_batches
    ADD CONSTRAINT scheduled_in_batches_pkey PRIMARY KEY (batch_id, function, cause, aside, again);
ALTER TABLE ONLY sendoff.schedules
    ADD CONSTRAINT schedules_pkey PRIMARY KEY (name);
ALTER TABLE ONLY sendoff.sources
    ADD CONSTRAINT sources_pkey PRIMARY KEY (name);
ALTER TABLE ONLY sendoff.starts
    ADD CONSTRAINT starts_pkey PRIMARY KEY (queue, at);
ALTER TABLE ONLY sendoff.steps
    ADD CONSTRAINT steps_pkey PRIMARY KEY (task_id, name);
ALTER TABLE ONLY sendoff.tasks
    ADD CONSTRAINT tasks_pkey PRIMARY KEY (id);
ALTER TABLE ONLY sendoff.tokens
    ADD CONSTRAINT tokens_pkey PRIMARY KEY (token);
ALTER TABLE ONLY sendoff.version
    ADD CONSTRAINT version_pkey PRIMARY KEY (version);
ALTER TABLE ONLY sendoff.words
    ADD CONSTRAINT words_pkey PRIMARY KEY (task_id);
ALTER TABLE ONLY sendoff.workers
    ADD CONSTRAINT workers_pkey PRIMARY KEY (id);
CREATE INDEX batch_rows_by_check ON sendoff.batch_rows USING btree (batch_id, checked, "row");
CREATE INDEX batch_rows_by_identity ON sendoff.batch_rows USING btree (identity, batch_id, "row") WHERE (identity IS NOT NULL);
CREATE INDEX batch_rows_by_origin ON sendoff.batch_rows USING btree (origin, batch_id, "row") WHERE (origin IS NOT NULL);
CREATE INDEX batch_rows_by_outcome ON sendoff.batch_rows USING btree (batch_id, outcome, "row", task_id) WHERE (outcome IS NOT NULL);
CREATE INDEX batches_by_continued ON sendoff.batches USING btree (continues, id) WHERE (continues IS NOT NULL);
CREATE INDEX corrections_by_address ON sendoff.corrections USING btree (address);
CREATE INDEX followers_awaited ON sendoff.followers USING btree (awaited);
CREATE INDEX items_alone ON sendoff.items USING btree (id) WHERE (words IS NOT NULL);
CREATE INDEX items_alone_by_age ON sendoff.items USING btree (created_at) WHERE (words IS NOT NULL);
CREATE INDEX items_by_informed_and_id ON sendoff.items USING btree (informed, id);
CREATE INDEX items_erased ON sendoff.items USING btree (created_at) WHERE ((body = 'null'::text) AND (words IS NULL));
CREATE INDEX ix_idempotency_created_at ON sendoff.idempotency USING btree (created_at);
CREATE INDEX ix_log_task_id ON sendoff.log USING btree (task_id);
CREATE INDEX ix_tokens_task_id ON sendoff.tokens USING btree (task_id);
CREATE INDEX orders_by_number ON sendoff.orders USING btree (worker, number);
CREATE INDEX tasks_by_batch ON sendoff.tasks USING btree (batch_id, state, id) WHERE (batch_id IS NOT NULL);
CREATE INDEX tasks_by_batch_item ON sendoff.tasks USING btree (batch_id, item_id) WHERE (batch_id IS NOT NULL);
CREATE INDEX tasks_by_cause ON sendoff.tasks USING btree (cause, state, id) WHERE (cause IS NOT NULL);
CREATE INDEX tasks_by_creation ON sendoff.tasks USING btree (created_at);
CREATE INDEX tasks_by_end ON sendoff.tasks USING btree (finished_at);
CREATE INDEX tasks_by_function_and_id ON sendoff.tasks USING btree (function, id);
CREATE INDEX tasks_by_item_and_id ON sendoff.tasks USING btree (item_id, id);
CREATE INDEX tasks_by_key ON sendoff.tasks USING btree (key) WHERE ((key IS NOT NULL) AND (state <> ALL (ARRAY['succeeded'::text, 'cancelled'::text, 'failed'::text])));
CREATE INDEX tasks_by_reason ON sendoff.tasks USING btree (reason, id) WHERE (reason IS NOT NULL);
CREATE INDEX tasks_by_recipient ON sendoff.tasks USING btree (recipient);
CREATE INDEX tasks_by_repeated ON sendoff.tasks USING btree (resend_of) WHERE (resend_of IS NOT NULL);
CREATE INDEX tasks_by_seen ON sendoff.tasks USING btree (seen, state, id) WHERE (seen IS NOT NULL);
CREATE INDEX tasks_by_state_and_id ON sendoff.tasks USING btree (state, id);
CREATE INDEX tasks_by_took ON sendoff.tasks USING btree (((finished_at - COALESCE(started_at, finished_at)))) WHERE (finished_at > 0);
CREATE INDEX tasks_claimable ON sendoff.tasks USING btree (function, priority DESC, id) WHERE (state = 'queued'::text);
CREATE INDEX tasks_due ON sendoff.tasks USING btree (run_at) WHERE (run_at IS NOT NULL);
CREATE INDEX tasks_held ON sendoff.tasks USING btree (held, function) WHERE (held <> ''::text);
CREATE INDEX tasks_queued ON sendoff.tasks USING btree (function, id) WHERE (state = 'queued'::text);
CREATE INDEX tasks_with_deadline ON sendoff.tasks USING btree (deadline) WHERE (deadline IS NOT NULL);
CREATE INDEX words_found ON sendoff.words USING gin (words);
CREATE TRIGGER forgotten AFTER DELETE ON sendoff.tasks REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION sendoff.forget_tasks();
CREATE TRIGGER forgotten AFTER DELETE ON sendoff.workers REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION sendoff.forget_workers();
ALTER TABLE ONLY sendoff.counts
    ADD CONSTRAINT counts_function_fkey FOREIGN KEY (function) REFERENCES sendoff.functions(id);
