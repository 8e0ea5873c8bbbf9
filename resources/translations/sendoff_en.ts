<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>SalutationWords</name>
    <message numerus="yes">
        <source>“{}” in %Ln rows</source>
        <translation>
            <numerusform>“{}” in %Ln row</numerusform>
            <numerusform>“{}” in %Ln rows</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>EmptyState</name>
    <message numerus="yes">
        <source>%Ln rows of batches are not here yet</source>
        <translation>
            <numerusform>%Ln row of a batch is not here yet</numerusform>
            <numerusform>%Ln rows of batches are not here yet</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>LettersList</name>
    <message numerus="yes">
        <source>%Ln wait for it</source>
        <translation>
            <numerusform>%Ln waits for it</numerusform>
            <numerusform>%Ln wait for it</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>LetterChoice</name>
    <message numerus="yes">
        <source>“{}” cannot be deleted: {}%Ln e-mails are still to be sent with it.</source>
        <translation>
            <numerusform>“{}” cannot be deleted: {}%Ln e-mail is still to be sent with it.</numerusform>
            <numerusform>“{}” cannot be deleted: {}%Ln e-mails are still to be sent with it.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{}%Ln failed, cancelled or uncertain e-mails cannot be sent again without it.</source>
        <translation>
            <numerusform>{}%Ln failed, cancelled or uncertain e-mail cannot be sent again without it.</numerusform>
            <numerusform>{}%Ln failed, cancelled or uncertain e-mails cannot be sent again without it.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>attempts</name>
    <message numerus="yes">
        <source>%Ln tries in one outage</source>
        <translation>
            <numerusform>%Ln try in one outage</numerusform>
            <numerusform>%Ln tries in one outage</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Tray</name>
    <message numerus="yes">
        <source>Sendoff: %Ln tasks to go</source>
        <translation>
            <numerusform>Sendoff: %Ln task to go</numerusform>
            <numerusform>Sendoff: %Ln tasks to go</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>menu</name>
    <message numerus="yes">
        <source>Copy the %Ln loaded rows as text</source>
        <translation>
            <numerusform>Copy the row as text</numerusform>
            <numerusform>Copy the %Ln loaded rows as text</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Copy %Ln addresses</source>
        <translation>
            <numerusform>Copy address</numerusform>
            <numerusform>Copy %Ln addresses</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln tasks have none</source>
        <translation>
            <numerusform>%Ln task has none</numerusform>
            <numerusform>%Ln tasks have none</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln are not loaded</source>
        <translation>
            <numerusform>%Ln is not loaded</numerusform>
            <numerusform>%Ln are not loaded</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ColumnsPage</name>
    <message numerus="yes">
        <source>%Ln rows</source>
        <translation>
            <numerusform>%Ln row</numerusform>
            <numerusform>%Ln rows</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SendingForm</name>
    <message numerus="yes">
        <source>Send the %Ln changed rows again, as they are now</source>
        <translation>
            <numerusform>Send the changed row again, as it is now</numerusform>
            <numerusform>Send the %Ln changed rows again, as they are now</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Send to the %Ln who want no e-mail, too</source>
        <translation>
            <numerusform>Send to the one who wants no e-mail, too</numerusform>
            <numerusform>Send to the %Ln who want no e-mail, too</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Send the %Ln rows from before again</source>
        <translation>
            <numerusform>Send the %Ln row from before again</numerusform>
            <numerusform>Send the %Ln rows from before again</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>RetryNotes</name>
    <message numerus="yes">
        <source>Show the %Ln that did not succeed</source>
        <translation>
            <numerusform>Show the one that did not succeed</numerusform>
            <numerusform>Show the %Ln that did not succeed</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ReadAs</name>
    <message numerus="yes">
        <source>Send to each address of a cell (%Ln more rows)</source>
        <translation>
            <numerusform>Send to each address of a cell (%Ln more row)</numerusform>
            <numerusform>Send to each address of a cell (%Ln more rows)</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TakenPart</name>
    <message numerus="yes">
        <source>%Ln days</source>
        <translation>
            <numerusform>%Ln day</numerusform>
            <numerusform>%Ln days</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln e-mails take {}.</source>
        <translation>
            <numerusform>%Ln e-mail takes {}.</numerusform>
            <numerusform>%Ln e-mails take {}.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ListDialog</name>
    <message numerus="yes">
        <source>Search %Ln addresses</source>
        <translation>
            <numerusform>Search %Ln address</numerusform>
            <numerusform>Search %Ln addresses</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ListedRoom</name>
    <message numerus="yes">
        <source>Add %Ln</source>
        <translation>
            <numerusform>Add %Ln</numerusform>
            <numerusform>Add %Ln</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Mark %Ln as bounced</source>
        <translation>
            <numerusform>Mark %Ln as bounced</numerusform>
            <numerusform>Mark %Ln as bounced</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>rows_sheet</name>
    <message>
        <source>Rows left out of “{name}”</source>
        <extracomment>The title of a list of rows of a batch, what they are, and what can be done about them.</extracomment>
        <translation>Rows left out of “{name}”</translation>
    </message>
    <message>
        <source>This batch sent no e-mail for these rows.</source>
        <extracomment>The title of a list of rows of a batch, what they are, and what can be done about them.</extracomment>
        <translation>This batch sent no e-mail for these rows.</translation>
    </message>
    <message>
        <source>You can correct those that need a look in a new import.</source>
        <extracomment>The title of a list of rows of a batch, what they are, and what can be done about them.</extracomment>
        <translation>You can correct those that need a look in a new import.</translation>
    </message>
    <message>
        <source>Cancelled rows of “{name}”</source>
        <extracomment>The title of a list of rows of a batch, what they are, and what can be done about them.</extracomment>
        <translation>Cancelled rows of “{name}”</translation>
    </message>
    <message>
        <source>This batch does not send these e-mails any more.</source>
        <extracomment>The title of a list of rows of a batch, what they are, and what can be done about them.</extracomment>
        <translation>This batch does not send these e-mails any more.</translation>
    </message>
    <message>
        <source>You can send them again in a new import.</source>
        <extracomment>The title of a list of rows of a batch, what they are, and what can be done about them.</extracomment>
        <translation>You can send them again in a new import.</translation>
    </message>
    <message>
        <source>Rows to come of “{name}”</source>
        <extracomment>The title of a list of rows of a batch, what they are, and what can be done about them.</extracomment>
        <translation>Rows to come of “{name}”</translation>
    </message>
    <message>
        <source>These e-mails are sent one after the other.</source>
        <extracomment>The title of a list of rows of a batch, what they are, and what can be done about them.</extracomment>
        <translation>These e-mails are sent one after the other.</translation>
    </message>
</context>
<context>
    <name>batch_next</name>
    <message>
        <source>for the connection</source>
        <extracomment>When a batch goes on, or what it waits for, in a cell after its state.</extracomment>
        <translation>for the connection</translation>
    </message>
    <message>
        <source>for a decision</source>
        <extracomment>When a batch goes on, or what it waits for, in a cell after its state.</extracomment>
        <translation>for a decision</translation>
    </message>
    <message>
        <source>begins {when}</source>
        <extracomment>When a batch goes on, or what it waits for, in a cell after its state.</extracomment>
        <translation>begins {when}</translation>
    </message>
    <message>
        <source>continues {when}</source>
        <extracomment>When a batch goes on, or what it waits for, in a cell after its state.</extracomment>
        <translation>continues {when}</translation>
    </message>
    <message>
        <source>done {when}</source>
        <extracomment>When a batch goes on, or what it waits for, in a cell after its state.</extracomment>
        <translation>done {when}</translation>
    </message>
    <message>
        <source>last one {when}</source>
        <extracomment>When a batch goes on, or what it waits for, in a cell after its state.</extracomment>
        <translation>last one {when}</translation>
    </message>
    <message>
        <source>the rest is cancelled soon</source>
        <extracomment>When a batch goes on, or what it waits for, in a cell after its state.</extracomment>
        <translation>the rest is cancelled soon</translation>
    </message>
</context>
<context>
    <name>act</name>
    <message>
        <source>Run again</source>
        <extracomment>What somebody asked for, in the list of who did what; the numbers of tasks may follow.</extracomment>
        <translation>Run again</translation>
    </message>
    <message>
        <source>Cancel</source>
        <extracomment>What somebody asked for, in the list of who did what; the numbers of tasks may follow.</extracomment>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>Change</source>
        <extracomment>What somebody asked for, in the list of who did what; the numbers of tasks may follow.</extracomment>
        <translation>Change</translation>
    </message>
    <message>
        <source>Mark as done</source>
        <extracomment>What somebody asked for, in the list of who did what; the numbers of tasks may follow.</extracomment>
        <translation>Mark as done</translation>
    </message>
    <message>
        <source>Pause</source>
        <extracomment>What somebody asked for, in the list of who did what; the numbers of tasks may follow.</extracomment>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Remove</source>
        <extracomment>What somebody asked for, in the list of who did what; the numbers of tasks may follow.</extracomment>
        <translation>Remove</translation>
    </message>
    <message>
        <source>Send again</source>
        <extracomment>What somebody asked for, in the list of who did what; the numbers of tasks may follow.</extracomment>
        <translation>Send again</translation>
    </message>
    <message>
        <source>Resume</source>
        <extracomment>What somebody asked for, in the list of who did what; the numbers of tasks may follow.</extracomment>
        <translation>Resume</translation>
    </message>
    <message>
        <source>Retry</source>
        <extracomment>What somebody asked for, in the list of who did what; the numbers of tasks may follow.</extracomment>
        <translation>Retry</translation>
    </message>
    <message>
        <source>Run</source>
        <extracomment>What somebody asked for, in the list of who did what; the numbers of tasks may follow.</extracomment>
        <translation>Run</translation>
    </message>
    <message>
        <source>Run now anyway</source>
        <extracomment>What somebody asked for, in the list of who did what; the numbers of tasks may follow.</extracomment>
        <translation>Run now anyway</translation>
    </message>
    <message>
        <source>Run now</source>
        <extracomment>What somebody asked for, in the list of who did what; the numbers of tasks may follow.</extracomment>
        <translation>Run now</translation>
    </message>
    <message>
        <source>Mark as seen</source>
        <extracomment>What somebody asked for, in the list of who did what; the numbers of tasks may follow.</extracomment>
        <translation>Mark as seen</translation>
    </message>
    <message>
        <source>Undo</source>
        <extracomment>What somebody asked for, in the list of who did what; the numbers of tasks may follow.</extracomment>
        <translation>Undo</translation>
    </message>
    <message>
        <source>Mark as unseen</source>
        <extracomment>What somebody asked for, in the list of who did what; the numbers of tasks may follow.</extracomment>
        <translation>Mark as unseen</translation>
    </message>
    <message>
        <source>Correct</source>
        <extracomment>What somebody asked for, in the list of who did what; a batch or an item follows.</extracomment>
        <translation>Correct</translation>
    </message>
    <message>
        <source>Delete</source>
        <extracomment>What somebody asked for, in the list of who did what; a batch or an item follows.</extracomment>
        <translation>Delete</translation>
    </message>
    <message>
        <source>Forget</source>
        <extracomment>What somebody asked for, in the list of who did what; a batch or an item follows.</extracomment>
        <translation>Forget</translation>
    </message>
    <message>
        <source>Limit</source>
        <extracomment>What somebody asked for, in the list of who did what; a batch or an item follows.</extracomment>
        <translation>Limit</translation>
    </message>
    <message>
        <source>Put off</source>
        <extracomment>What somebody asked for, in the list of who did what; a batch or an item follows.</extracomment>
        <translation>Put off</translation>
    </message>
    <message>
        <source>Start</source>
        <extracomment>What somebody asked for, in the list of who did what; a batch or an item follows.</extracomment>
        <translation>Start</translation>
    </message>
    <message>
        <source>Submit</source>
        <extracomment>What somebody asked for, in the list of who did what; a batch or an item follows.</extracomment>
        <translation>Submit</translation>
    </message>
</context>
<context>
    <name>act.undone</name>
    <message>
        <source>sending</source>
        <extracomment>In “Undo sending”: the message of a corrected item was not sent, and the item stays corrected.</extracomment>
        <translation>sending</translation>
    </message>
</context>
<context>
    <name>act_about</name>
    <message>
        <source>{verb} {name}</source>
        <extracomment>What somebody asked for; {verb} is such as *Pause*.</extracomment>
        <translation>{verb} {name}</translation>
    </message>
    <message>
        <source>{verb} queue {name}</source>
        <extracomment>What somebody asked for; {verb} is such as *Pause*.</extracomment>
        <translation>{verb} queue {name}</translation>
    </message>
    <message>
        <source>{verb} all queues</source>
        <extracomment>What somebody asked for; {verb} is such as *Pause*.</extracomment>
        <translation>{verb} all queues</translation>
    </message>
    <message>
        <source>{verb} schedule {name}</source>
        <extracomment>What somebody asked for; {verb} is such as *Pause*.</extracomment>
        <translation>{verb} schedule {name}</translation>
    </message>
    <message>
        <source>{verb} batch {name}</source>
        <extracomment>What somebody asked for; {verb} is such as *Pause*.</extracomment>
        <translation>{verb} batch {name}</translation>
    </message>
    <message>
        <source>{verb} item {name}</source>
        <extracomment>What somebody asked for; {verb} is such as *Pause*.</extracomment>
        <translation>{verb} item {name}</translation>
    </message>
</context>
<context>
    <name>action</name>
    <message>
        <source>It was done</source>
        <extracomment>The name of a button that acts on tasks.</extracomment>
        <translation>It was done</translation>
    </message>
    <message>
        <source>Run again</source>
        <extracomment>The name of a button that acts on tasks.</extracomment>
        <translation>Run again</translation>
    </message>
    <message>
        <source>Run now</source>
        <extracomment>The name of a button that acts on tasks.</extracomment>
        <translation>Run now</translation>
    </message>
    <message>
        <source>Try now</source>
        <extracomment>The name of a button that acts on tasks.</extracomment>
        <translation>Try now</translation>
    </message>
    <message>
        <source>Retry</source>
        <extracomment>The name of a button that acts on tasks.</extracomment>
        <translation>Retry</translation>
    </message>
    <message>
        <source>Send</source>
        <extracomment>The name of a button that acts on tasks.</extracomment>
        <translation>Send</translation>
    </message>
    <message>
        <source>Cancel</source>
        <extracomment>The name of a button that acts on tasks.</extracomment>
        <translation>Cancel</translation>
    </message>
    <message>
        <source>Undo</source>
        <extracomment>The name of a button that acts on tasks.</extracomment>
        <translation>Undo</translation>
    </message>
    <message>
        <source>Mark as seen</source>
        <extracomment>The name of a button that acts on tasks.</extracomment>
        <translation>Mark as seen</translation>
    </message>
    <message>
        <source>Mark as unseen</source>
        <extracomment>The name of a button that acts on tasks.</extracomment>
        <translation>Mark as unseen</translation>
    </message>
    <message>
        <source>Remove</source>
        <extracomment>The name of a button that acts on tasks.</extracomment>
        <translation>Remove</translation>
    </message>
    <message>
        <source>Remove finished</source>
        <extracomment>The name of a button that acts on tasks.</extracomment>
        <translation>Remove finished</translation>
    </message>
    <message>
        <source>Change time…</source>
        <extracomment>The name of a button that acts on tasks.</extracomment>
        <translation>Change time…</translation>
    </message>
    <message>
        <source>All with this reason</source>
        <extracomment>Shows the tasks that failed, or wait, for the reason of this one.</extracomment>
        <translation>All with this reason</translation>
    </message>
    <message>
        <source>Open the tasks folder</source>
        <extracomment>The name of a button that acts on tasks.</extracomment>
        <translation>Open the tasks folder</translation>
    </message>
    <message>
        <source>Leave it</source>
        <extracomment>Marks what is shown as seen.</extracomment>
        <translation>Leave it</translation>
    </message>
    <message>
        <source>Edit the letter…</source>
        <extracomment>The name of a button that acts on tasks.</extracomment>
        <translation>Edit the letter…</translation>
    </message>
    <message>
        <source>Delete</source>
        <extracomment>The name of a button that acts on tasks.</extracomment>
        <translation>Delete</translation>
    </message>
    <message>
        <source>Send again</source>
        <extracomment>The name of a button that acts on tasks.</extracomment>
        <translation>Send again</translation>
    </message>
    <message>
        <source>Send to me</source>
        <extracomment>The name of a button that acts on tasks.</extracomment>
        <translation>Send to me</translation>
    </message>
    <message>
        <source>Send to another address…</source>
        <extracomment>The name of a button that acts on tasks.</extracomment>
        <translation>Send to another address…</translation>
    </message>
    <message>
        <source>Run now anyway</source>
        <extracomment>The name of a button that acts on tasks.</extracomment>
        <translation>Run now anyway</translation>
    </message>
</context>
<context>
    <name>action.queue_mail</name>
    <message>
        <source>Send now anyway</source>
        <extracomment>The name of a button that acts on tasks.</extracomment>
        <translation>Send now anyway</translation>
    </message>
    <message>
        <source>It was sent</source>
        <extracomment>The name of a button that acts on tasks.</extracomment>
        <translation>It was sent</translation>
    </message>
    <message>
        <source>Send again</source>
        <extracomment>The name of a button that acts on tasks.</extracomment>
        <translation>Send again</translation>
    </message>
    <message>
        <source>Send now</source>
        <extracomment>The name of a button that acts on tasks.</extracomment>
        <translation>Send now</translation>
    </message>
</context>
<context>
    <name>added_files</name>
    <message numerus="yes">
        <source>%Ln files were added.</source>
        <extracomment>What became of the files that were added to a draft.</extracomment>
        <translation>
            <numerusform>%Ln file was added.</numerusform>
            <numerusform>%Ln files were added.</numerusform>
        </translation>
    </message>
    <message>
        <source>No row names a file of “{name}” that is not added yet.</source>
        <extracomment>What became of the files that were added to a draft.</extracomment>
        <translation>No row names a file of “{name}” that is not added yet.</translation>
    </message>
    <message>
        <source>“{name}” is not added: {one} and {other} differ. Rename one of them.</source>
        <extracomment>What became of the files that were added to a draft.</extracomment>
        <translation>“{name}” is not added: {one} and {other} differ. Rename one of them.</translation>
    </message>
    <message>
        <source>“{name}” is not added: {why}</source>
        <extracomment>What became of the files that were added to a draft.</extracomment>
        <translation>“{name}” is not added: {why}</translation>
    </message>
    <message numerus="yes">
        <source>%Ln more files are not added.</source>
        <extracomment>What became of the files that were added to a draft.</extracomment>
        <translation>
            <numerusform>%Ln more file is not added.</numerusform>
            <numerusform>%Ln more files are not added.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>address</name>
    <message>
        <source>Enter an e-mail address.</source>
        <extracomment>What is wrong with an e-mail address, below its field.</extracomment>
        <translation>Enter an e-mail address.</translation>
    </message>
    <message>
        <source>There is more than one address here.</source>
        <extracomment>What is wrong with an e-mail address, below its field.</extracomment>
        <translation>There is more than one address here.</translation>
    </message>
    <message>
        <source>There is a space in this address.</source>
        <extracomment>What is wrong with an e-mail address, below its field.</extracomment>
        <translation>There is a space in this address.</translation>
    </message>
    <message>
        <source>There is an invisible character ({detail}) in this address.</source>
        <extracomment>What is wrong with an e-mail address, below its field.</extracomment>
        <translation>There is an invisible character ({detail}) in this address.</translation>
    </message>
    <message>
        <source>There is no @ in this address.</source>
        <extracomment>What is wrong with an e-mail address, below its field.</extracomment>
        <translation>There is no @ in this address.</translation>
    </message>
    <message>
        <source>There is more than one @ in this address.</source>
        <extracomment>What is wrong with an e-mail address, below its field.</extracomment>
        <translation>There is more than one @ in this address.</translation>
    </message>
    <message>
        <source>There is nothing before the @.</source>
        <extracomment>What is wrong with an e-mail address, below its field.</extracomment>
        <translation>There is nothing before the @.</translation>
    </message>
    <message>
        <source>There is nothing after the @.</source>
        <extracomment>What is wrong with an e-mail address, below its field.</extracomment>
        <translation>There is nothing after the @.</translation>
    </message>
    <message numerus="yes">
        <source>The part before the @ is longer than %Ln bytes.</source>
        <extracomment>What is wrong with an e-mail address, below its field.</extracomment>
        <translation>
            <numerusform>The part before the @ is longer than %Ln byte.</numerusform>
            <numerusform>The part before the @ is longer than %Ln bytes.</numerusform>
        </translation>
    </message>
    <message>
        <source>A dot is in the wrong place before the @.</source>
        <extracomment>What is wrong with an e-mail address, below its field.</extracomment>
        <translation>A dot is in the wrong place before the @.</translation>
    </message>
    <message>
        <source>The character {detail} is not allowed before the @.</source>
        <extracomment>What is wrong with an e-mail address, below its field.</extracomment>
        <translation>The character {detail} is not allowed before the @.</translation>
    </message>
    <message>
        <source>The part before the @ cannot begin or end with {detail}.</source>
        <extracomment>What is wrong with an e-mail address, below its field.</extracomment>
        <translation>The part before the @ cannot begin or end with {detail}.</translation>
    </message>
    <message>
        <source>There is a comma in this address.</source>
        <extracomment>What is wrong with an e-mail address, below its field.</extracomment>
        <translation>There is a comma in this address.</translation>
    </message>
    <message>
        <source>There is no dot after the @.</source>
        <extracomment>What is wrong with an e-mail address, below its field.</extracomment>
        <translation>There is no dot after the @.</translation>
    </message>
    <message>
        <source>A dot is in the wrong place after the @.</source>
        <extracomment>What is wrong with an e-mail address, below its field.</extracomment>
        <translation>A dot is in the wrong place after the @.</translation>
    </message>
    <message>
        <source>“{detail}” cannot be part of a domain name.</source>
        <extracomment>What is wrong with an e-mail address, below its field.</extracomment>
        <translation>“{detail}” cannot be part of a domain name.</translation>
    </message>
    <message>
        <source>Domains that end in .{detail} receive no e-mail.</source>
        <extracomment>What is wrong with an e-mail address, below its field.</extracomment>
        <translation>Domains that end in .{detail} receive no e-mail.</translation>
    </message>
    <message numerus="yes">
        <source>This address is longer than %Ln bytes.</source>
        <extracomment>What is wrong with an e-mail address, below its field.</extracomment>
        <translation>
            <numerusform>This address is longer than %Ln byte.</numerusform>
            <numerusform>This address is longer than %Ln bytes.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>At most %Ln addresses can get a copy.</source>
        <extracomment>What is wrong with an e-mail address, below its field.</extracomment>
        <translation>
            <numerusform>At most %Ln address can get a copy.</numerusform>
            <numerusform>At most %Ln addresses can get a copy.</numerusform>
        </translation>
    </message>
    <message>
        <source>Write it as Name &lt;address&gt;, or the address alone.</source>
        <extracomment>A sender or a recipient.</extracomment>
        <translation>Write it as Name &lt;address&gt;, or the address alone.</translation>
    </message>
</context>
<context>
    <name>advice</name>
    <message>
        <source>Its queue is on hold: {text}</source>
        <extracomment>What comes next, and what the person can do. Names of buttons stand in it.</extracomment>
        <translation>Its queue is on hold: {text}</translation>
    </message>
    <message>
        <source>Nothing to do: it is tried again by itself.</source>
        <extracomment>What comes next, and what the person can do. Names of buttons stand in it.</extracomment>
        <translation>Nothing to do: it is tried again by itself.</translation>
    </message>
    <message>
        <source>Nothing to do: it is tried again at {when}.</source>
        <extracomment>What comes next, and what the person can do. Names of buttons stand in it.</extracomment>
        <translation>Nothing to do: it is tried again at {when}.</translation>
    </message>
    <message numerus="yes">
        <source>Nothing to do: it is tried %Ln more times.</source>
        <extracomment>What comes next, and what the person can do. Names of buttons stand in it.</extracomment>
        <translation>
            <numerusform>Nothing to do: it is tried once more.</numerusform>
            <numerusform>Nothing to do: it is tried %Ln more times.</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing to do: it starts by itself.</source>
        <extracomment>What comes next, and what the person can do. Names of buttons stand in it.</extracomment>
        <translation>Nothing to do: it starts by itself.</translation>
    </message>
    <message>
        <source>It continues once it is resumed.</source>
        <extracomment>What comes next, and what the person can do. Names of buttons stand in it.</extracomment>
        <translation>It continues once it is resumed.</translation>
    </message>
    <message>
        <source>It continues when you press Resume.</source>
        <extracomment>What comes next, and what the person can do. Names of buttons stand in it.</extracomment>
        <translation>It continues when you press Resume.</translation>
    </message>
    <message>
        <source>It resumes automatically when its function is available.</source>
        <extracomment>What comes next, and what the person can do. Names of buttons stand in it.</extracomment>
        <translation>It resumes automatically when its function is available.</translation>
    </message>
    <message>
        <source>What was missing is there now. Press Try now.</source>
        <extracomment>What comes next, and what the person can do. Names of buttons stand in it.</extracomment>
        <translation>What was missing is there now. Press Try now.</translation>
    </message>
    <message>
        <source>Fix the problem, then press Try now.</source>
        <extracomment>What comes next, and what the person can do. Names of buttons stand in it.</extracomment>
        <translation>Fix the problem, then press Try now.</translation>
    </message>
    <message>
        <source>Fix the problem, then press Try now at a task that is on hold.</source>
        <extracomment>What comes next, and what the person can do. Names of buttons stand in it.</extracomment>
        <translation>Fix the problem, then press Try now at a task that is on hold.</translation>
    </message>
    <message>
        <source>It was handed over and can no longer be stopped.</source>
        <extracomment>What comes next, and what the person can do. Names of buttons stand in it.</extracomment>
        <translation>It was handed over and can no longer be stopped.</translation>
    </message>
    <message>
        <source>Attempt {attempt}, started at {when}.</source>
        <extracomment>What comes next, and what the person can do. Names of buttons stand in it.</extracomment>
        <translation>Attempt {attempt}, started at {when}.</translation>
    </message>
    <message>
        <source>Fix the problem, then press Retry.</source>
        <extracomment>What comes next, and what the person can do. Names of buttons stand in it.</extracomment>
        <translation>Fix the problem, then press Retry.</translation>
    </message>
    <message>
        <source>Press Retry to try it anyway.</source>
        <extracomment>What comes next, and what the person can do. Names of buttons stand in it.</extracomment>
        <translation>Press Retry to try it anyway.</translation>
    </message>
    <message>
        <source>An earlier attempt may have done it; the last one failed</source>
        <extracomment>What comes next, and what the person can do. Names of buttons stand in it.</extracomment>
        <translation>An earlier attempt may have done it; the last one failed</translation>
    </message>
    <message>
        <source>Find out whether it happened, then choose below.</source>
        <extracomment>What comes next, and what the person can do. Names of buttons stand in it.</extracomment>
        <translation>Find out whether it happened, then choose below.</translation>
    </message>
    <message>
        <source>It continues when you resume its batch.</source>
        <extracomment>What comes next, and what the person can do. Names of buttons stand in it.</extracomment>
        <translation>It continues when you resume its batch.</translation>
    </message>
    <message>
        <source>Press Edit the letter… to correct it, then send the e-mail.</source>
        <extracomment>What comes next, and what the person can do. Names of buttons stand in it.</extracomment>
        <translation>Press Edit the letter… to correct it, then send the e-mail.</translation>
    </message>
    <message>
        <source>Fill in what is missing, or change the template.</source>
        <extracomment>What comes next, and what the person can do. Names of buttons stand in it.</extracomment>
        <translation>Fill in what is missing, or change the template.</translation>
    </message>
    <message>
        <source>It cannot be sent: {template} asks for “{fields}”.</source>
        <extracomment>What comes next, and what the person can do. Names of buttons stand in it.</extracomment>
        <translation>It cannot be sent: {template} asks for “{fields}”.</translation>
    </message>
    <message>
        <source>the template “{name}”</source>
        <extracomment>In “It cannot be sent: the template “Confirmation” asks for …”</extracomment>
        <translation>the template “{name}”</translation>
    </message>
    <message>
        <source>its template</source>
        <extracomment>What comes next, and what the person can do. Names of buttons stand in it.</extracomment>
        <translation>its template</translation>
    </message>
    <message>
        <source>It was handed over {when} to {server}</source>
        <extracomment>{when}: “at 14:00”. {server} is the name of a mail server.</extracomment>
        <translation>It was handed over {when} to {server}</translation>
    </message>
    <message>
        <source>It is a copy: it does not inform the item's recipient.</source>
        <extracomment>What comes next, and what the person can do. Names of buttons stand in it.</extracomment>
        <translation>It is a copy: it does not inform the item's recipient.</translation>
    </message>
    <message>
        <source>Nothing was sent. Correct the address, then send it again.</source>
        <extracomment>What comes next, and what the person can do. Names of buttons stand in it.</extracomment>
        <translation>Nothing was sent. Correct the address, then send it again.</translation>
    </message>
    <message>
        <source>Its item has been corrected since. If run again, it is for {to}.</source>
        <extracomment>What comes next, and what the person can do. Names of buttons stand in it.</extracomment>
        <translation>Its item has been corrected since. If run again, it is for {to}.</translation>
    </message>
    <message>
        <source>If it was not sent after all, press Send again.</source>
        <extracomment>What comes next, and what the person can do. Names of buttons stand in it.</extracomment>
        <translation>If it was not sent after all, press Send again.</translation>
    </message>
    <message>
        <source>Correct the address, then send it again.</source>
        <extracomment>What comes next, and what the person can do. Names of buttons stand in it.</extracomment>
        <translation>Correct the address, then send it again.</translation>
    </message>
    <message>
        <source>It was not sent. With real sending, Send sends it.</source>
        <extracomment>What comes next, and what the person can do. Names of buttons stand in it.</extracomment>
        <translation>It was not sent. With real sending, Send sends it.</translation>
    </message>
</context>
<context>
    <name>advice.queue_mail</name>
    <message>
        <source>Sending is on hold: {text}</source>
        <extracomment>What comes next, and what the person can do. Names of buttons stand in it.</extracomment>
        <translation>Sending is on hold: {text}</translation>
    </message>
    <message>
        <source>An earlier attempt may have sent it; the last one failed</source>
        <extracomment>What comes next, and what the person can do. Names of buttons stand in it.</extracomment>
        <translation>An earlier attempt may have sent it; the last one failed</translation>
    </message>
    <message>
        <source>It continues once the mail settings work, or when you press Try now.</source>
        <extracomment>What comes next, and what the person can do. Names of buttons stand in it.</extracomment>
        <translation>It continues once the mail settings work, or when you press Try now.</translation>
    </message>
    <message>
        <source>It continues once the mail settings work, or when you press Try now at an e-mail that is on hold.</source>
        <extracomment>What comes next, and what the person can do. Names of buttons stand in it.</extracomment>
        <translation>It continues once the mail settings work, or when you press Try now at an e-mail that is on hold.</translation>
    </message>
    <message>
        <source>Ask the recipient whether it arrived, or your mail provider, who finds it by its Message-ID. Then choose below.</source>
        <extracomment>What comes next, and what the person can do. Names of buttons stand in it.</extracomment>
        <translation>Ask the recipient whether it arrived, or your mail provider, who finds it by its Message-ID. Then choose below.</translation>
    </message>
    <message>
        <source>Its item has been corrected since. If sent again, it goes to {to}.</source>
        <extracomment>What comes next, and what the person can do. Names of buttons stand in it.</extracomment>
        <translation>Its item has been corrected since. If sent again, it goes to {to}.</translation>
    </message>
</context>
<context>
    <name>after_batch</name>
    <message>
        <source>once you resume the batch</source>
        <extracomment>When tasks start that their batch has stopped, after “start”.</extracomment>
        <translation>once you resume the batch</translation>
    </message>
    <message>
        <source>once the batch allows</source>
        <extracomment>When tasks start that their batch has stopped, after “start”.</extracomment>
        <translation>once the batch allows</translation>
    </message>
</context>
<context>
    <name>answer</name>
    <message>
        <source>The address does not exist</source>
        <extracomment>What the answer of a mail server means, by its code.</extracomment>
        <translation>The address does not exist</translation>
    </message>
    <message>
        <source>The domain of the address does not exist</source>
        <extracomment>What the answer of a mail server means, by its code.</extracomment>
        <translation>The domain of the address does not exist</translation>
    </message>
    <message>
        <source>The address is not valid</source>
        <extracomment>What the answer of a mail server means, by its code.</extracomment>
        <translation>The address is not valid</translation>
    </message>
    <message>
        <source>The person has another address now</source>
        <extracomment>What the answer of a mail server means, by its code.</extracomment>
        <translation>The person has another address now</translation>
    </message>
    <message>
        <source>The mailbox is closed</source>
        <extracomment>What the answer of a mail server means, by its code.</extracomment>
        <translation>The mailbox is closed</translation>
    </message>
    <message>
        <source>The recipient’s mailbox is full</source>
        <extracomment>What the answer of a mail server means, by its code.</extracomment>
        <translation>The recipient’s mailbox is full</translation>
    </message>
    <message>
        <source>The e-mail is too large</source>
        <extracomment>What the answer of a mail server means, by its code.</extracomment>
        <translation>The e-mail is too large</translation>
    </message>
    <message>
        <source>The domain of the address takes no e-mail</source>
        <extracomment>What the answer of a mail server means, by its code.</extracomment>
        <translation>The domain of the address takes no e-mail</translation>
    </message>
    <message>
        <source>No answer after the hand-over</source>
        <extracomment>The server did not answer after it had the whole e-mail.</extracomment>
        <translation>No answer after the hand-over</translation>
    </message>
    <message>
        <source>Postponed by the server</source>
        <extracomment>What the answer of a mail server means, by its code.</extracomment>
        <translation>Postponed by the server</translation>
    </message>
</context>
<context>
    <name>api</name>
    <message>
        <source>The data folder is read-only. Nothing was saved.</source>
        <extracomment>Why a request to the backend is refused.</extracomment>
        <translation>The data folder is read-only. Nothing was saved.</translation>
    </message>
    <message>
        <source>Too many files are open. Try again later.</source>
        <extracomment>Why a request to the backend is refused.</extracomment>
        <translation>Too many files are open. Try again later.</translation>
    </message>
    <message>
        <source>A file in the data folder cannot be read: {why}.</source>
        <extracomment>Why a request to the backend is refused.</extracomment>
        <translation>A file in the data folder cannot be read: {why}.</translation>
    </message>
    <message>
        <source>The backend is shutting down. Nothing was accepted.</source>
        <extracomment>Why a request to the backend is refused.</extracomment>
        <translation>The backend is shutting down. Nothing was accepted.</translation>
    </message>
    <message>
        <source>The connection was closed before the body was complete.</source>
        <extracomment>Why a request to the backend is refused.</extracomment>
        <translation>The connection was closed before the body was complete.</translation>
    </message>
    <message>
        <source>There is nothing at {path}.</source>
        <extracomment>Why a request to the backend is refused.</extracomment>
        <translation>There is nothing at {path}.</translation>
    </message>
    <message>
        <source>{path} does not allow {method}.</source>
        <extracomment>Why a request to the backend is refused.</extracomment>
        <translation>{path} does not allow {method}.</translation>
    </message>
    <message>
        <source>The body is larger than the {size} MiB this route takes.</source>
        <extracomment>Why a request to the backend is refused.</extracomment>
        <translation>The body is larger than the {size} MiB this route takes.</translation>
    </message>
    <message>
        <source>The body is not JSON: {why}.</source>
        <extracomment>Why a request to the backend is refused.</extracomment>
        <translation>The body is not JSON: {why}.</translation>
    </message>
    <message>
        <source>The file is empty.</source>
        <extracomment>Why a request to the backend is refused.</extracomment>
        <translation>The file is empty.</translation>
    </message>
    <message>
        <source>Port {port} is taken by another program; choose another, or 0 for any free one.</source>
        <extracomment>Why a request to the backend is refused.</extracomment>
        <translation>Port {port} is taken by another program; choose another, or 0 for any free one.</translation>
    </message>
    <message>
        <source>Port {port} is not allowed; choose another, or 0 for any free one.</source>
        <extracomment>Why a request to the backend is refused.</extracomment>
        <translation>Port {port} is not allowed; choose another, or 0 for any free one.</translation>
    </message>
    <message>
        <source>“{host}” is not an address; use 127.0.0.1, ::1 or localhost.</source>
        <extracomment>Why a request to the backend is refused.</extracomment>
        <translation>“{host}” is not an address; use 127.0.0.1, ::1 or localhost.</translation>
    </message>
    <message>
        <source>{host} can be reached by others; use 127.0.0.1, ::1 or localhost.</source>
        <extracomment>Why a request to the backend is refused.</extracomment>
        <translation>{host} can be reached by others; use 127.0.0.1, ::1 or localhost.</translation>
    </message>
    <message>
        <source>{host} port {port} cannot be listened on: {why}.</source>
        <extracomment>Why a request to the backend is refused.</extracomment>
        <translation>{host} port {port} cannot be listened on: {why}.</translation>
    </message>
    <message>
        <source>Something went wrong inside the backend; its log has the details.</source>
        <extracomment>Why a request to the backend is refused.</extracomment>
        <translation>Something went wrong inside the backend; its log has the details.</translation>
    </message>
</context>
<context>
    <name>app</name>
    <message>
        <source>{file} has tasks of its own: give the monitor another data_dir.</source>
        <extracomment>Why an app's tasks cannot be run or shown from here. The names in code stay as they are.</extracomment>
        <translation>{file} has tasks of its own: give the monitor another data_dir.</translation>
    </message>
    <message>
        <source>{file} belongs to another program: give the app another data_dir.</source>
        <extracomment>Why an app's tasks cannot be run or shown from here. The names in code stay as they are.</extracomment>
        <translation>{file} belongs to another program: give the app another data_dir.</translation>
    </message>
    <message>
        <source>{folder} has the tasks of {known}, and this app is {module}: give it another data_dir. If it is the same app under a new name, delete {mark}.</source>
        <extracomment>Why an app's tasks cannot be run or shown from here. The names in code stay as they are.</extracomment>
        <translation>{folder} has the tasks of {known}, and this app is {module}: give it another data_dir. If it is the same app under a new name, delete {mark}.</translation>
    </message>
    <message>
        <source>The tasks of {folder} are in a database on a server: install(app, database=…).</source>
        <extracomment>Why an app's tasks cannot be run or shown from here. The names in code stay as they are.</extracomment>
        <translation>The tasks of {folder} are in a database on a server: install(app, database=…).</translation>
    </message>
    <message>
        <source>The tasks of this app are in a database: name it by --database.</source>
        <extracomment>Why an app's tasks cannot be run or shown from here. The names in code stay as they are.</extracomment>
        <translation>The tasks of this app are in a database: name it by --database.</translation>
    </message>
    <message>
        <source>The tasks in this database belong to an app: name its modules by --import.</source>
        <extracomment>Why an app's tasks cannot be run or shown from here. The names in code stay as they are.</extracomment>
        <translation>The tasks in this database belong to an app: name its modules by --import.</translation>
    </message>
    <message>
        <source>This database is new: the worker waits until the process that serves its tasks has started.</source>
        <extracomment>Why an app's tasks cannot be run or shown from here. The names in code stay as they are.</extracomment>
        <translation>This database is new: the worker waits until the process that serves its tasks has started.</translation>
    </message>
    <message>
        <source>There is no FastAPI app {name} in the module {module}.</source>
        <extracomment>Why an app's tasks cannot be run or shown from here. The names in code stay as they are.</extracomment>
        <translation>There is no FastAPI app {name} in the module {module}.</translation>
    </message>
    <message>
        <source>{file} is a file. Write its module and the app: {place}:app</source>
        <extracomment>Why an app's tasks cannot be run or shown from here. The names in code stay as they are.</extracomment>
        <translation>{file} is a file. Write its module and the app: {place}:app</translation>
    </message>
    <message>
        <source>The module {module} cannot be imported: {why}.</source>
        <extracomment>Why an app's tasks cannot be run or shown from here. The names in code stay as they are.</extracomment>
        <translation>The module {module} cannot be imported: {why}.</translation>
    </message>
    <message>
        <source>The page of the tasks asks for a token. Until this program ends it is: {token}</source>
        <extracomment>Why an app's tasks cannot be run or shown from here. The names in code stay as they are.</extracomment>
        <translation>The page of the tasks asks for a token. Until this program ends it is: {token}</translation>
    </message>
    <message>
        <source>The page of the tasks asks for a token. {command} makes one.</source>
        <extracomment>Why an app's tasks cannot be run or shown from here. The names in code stay as they are.</extracomment>
        <translation>The page of the tasks asks for a token. {command} makes one.</translation>
    </message>
    <message>
        <source>Only “sendoff-tasks worker --app …” runs the tasks of {folder}, and it is not running. Start it; or delete {mark} and restart the app, so that its own processes run them.</source>
        <extracomment>Why an app's tasks cannot be run or shown from here. The names in code stay as they are.</extracomment>
        <translation>Only “sendoff-tasks worker --app …” runs the tasks of {folder}, and it is not running. Start it; or delete {mark} and restart the app, so that its own processes run them.</translation>
    </message>
    <message>
        <source>A process that serves the app still runs its tasks: restart those, and this one takes over</source>
        <extracomment>Why an app's tasks cannot be run or shown from here. The names in code stay as they are.</extracomment>
        <translation>A process that serves the app still runs its tasks: restart those, and this one takes over</translation>
    </message>
</context>
<context>
    <name>aside</name>
    <message>
        <source>A draft cannot be read</source>
        <extracomment>Items of the form that are set aside.</extracomment>
        <translation>A draft cannot be read</translation>
    </message>
    <message>
        <source>not sent yet</source>
        <extracomment>Items of the form that are set aside.</extracomment>
        <translation>not sent yet</translation>
    </message>
    <message>
        <source>to be sent {when}</source>
        <extracomment>An item that has nothing but a time.</extracomment>
        <translation>to be sent {when}</translation>
    </message>
    <message>
        <source>an item without a name</source>
        <extracomment>Items of the form that are set aside.</extracomment>
        <translation>an item without a name</translation>
    </message>
    <message>
        <source>The item was discarded</source>
        <extracomment>Items of the form that are set aside.</extracomment>
        <translation>The item was discarded</translation>
    </message>
</context>
<context>
    <name>attachment</name>
    <message>
        <source>The attachment “{file}”</source>
        <extracomment>Before “cannot be read: …”</extracomment>
        <translation>The attachment “{file}”</translation>
    </message>
    <message>
        <source>The attachment “{file}” of batch {batch}</source>
        <extracomment>Before “cannot be read: …”</extracomment>
        <translation>The attachment “{file}” of batch {batch}</translation>
    </message>
    <message>
        <source>The attachment “{file}” of the template “{name}”</source>
        <extracomment>Before “cannot be read: …”</extracomment>
        <translation>The attachment “{file}” of the template “{name}”</translation>
    </message>
    <message>
        <source>The file is empty.</source>
        <extracomment>Why a file cannot be attached, or is not sent.</extracomment>
        <translation>The file is empty.</translation>
    </message>
    <message>
        <source>“{file}” is missing. Attach it again.</source>
        <extracomment>Why a file cannot be attached, or is not sent.</extracomment>
        <translation>“{file}” is missing. Attach it again.</translation>
    </message>
    <message>
        <source>The attachment “{file}” of the template “{name}” is missing or empty. Attach it again.</source>
        <extracomment>Why a file cannot be attached, or is not sent.</extracomment>
        <translation>The attachment “{file}” of the template “{name}” is missing or empty. Attach it again.</translation>
    </message>
    <message>
        <source>The attachment “{file}” is missing or empty. Correct the item, and attach it again.</source>
        <extracomment>Why a file cannot be attached, or is not sent.</extracomment>
        <translation>The attachment “{file}” is missing or empty. Correct the item, and attach it again.</translation>
    </message>
    <message>
        <source>The attachment “{file}” of batch {batch} is missing or empty. Put it back in {folder}.</source>
        <extracomment>Why a file cannot be attached, or is not sent.</extracomment>
        <translation>The attachment “{file}” of batch {batch} is missing or empty. Put it back in {folder}.</translation>
    </message>
    <message>
        <source>The attachment “{file}” of batch {batch} is missing or empty. Import these rows again.</source>
        <extracomment>Why a file cannot be attached, or is not sent.</extracomment>
        <translation>The attachment “{file}” of batch {batch} is missing or empty. Import these rows again.</translation>
    </message>
    <message>
        <source>“{file}” is not attached. {why}</source>
        <extracomment>Why a file cannot be attached, or is not sent.</extracomment>
        <translation>“{file}” is not attached. {why}</translation>
    </message>
    <message>
        <source>The attachments are more than the {limit} MiB that an e-mail can carry.</source>
        <extracomment>Why a file cannot be attached, or is not sent.</extracomment>
        <translation>The attachments are more than the {limit} MiB that an e-mail can carry.</translation>
    </message>
    <message>
        <source>The attachments are more than the {limit} MB that {server} takes in one e-mail.</source>
        <extracomment>Why a file cannot be attached, or is not sent.</extracomment>
        <translation>The attachments are more than the {limit} MB that {server} takes in one e-mail.</translation>
    </message>
    <message>
        <source>The file “{file}” was not added to this batch.</source>
        <extracomment>Why a file cannot be attached, or is not sent.</extracomment>
        <translation>The file “{file}” was not added to this batch.</translation>
    </message>
    <message>
        <source>The file “{file}” is no longer there. Attach it again.</source>
        <extracomment>Why a file cannot be attached, or is not sent.</extracomment>
        <translation>The file “{file}” is no longer there. Attach it again.</translation>
    </message>
    <message>
        <source>This is not the id of an upload.</source>
        <extracomment>Why a file cannot be attached, or is not sent.</extracomment>
        <translation>This is not the id of an upload.</translation>
    </message>
    <message>
        <source>A file's name cannot be empty or begin with a dot.</source>
        <extracomment>Why a file cannot be attached, or is not sent.</extracomment>
        <translation>A file's name cannot be empty or begin with a dot.</translation>
    </message>
    <message>
        <source>A file's name cannot have {signs} or control characters.</source>
        <extracomment>Why a file cannot be attached, or is not sent.</extracomment>
        <translation>A file's name cannot have {signs} or control characters.</translation>
    </message>
    <message>
        <source>“{file}” cannot be the name of a file on every system.</source>
        <extracomment>Why a file cannot be attached, or is not sent.</extracomment>
        <translation>“{file}” cannot be the name of a file on every system.</translation>
    </message>
    <message>
        <source>This file's name is too long.</source>
        <extracomment>Why a file cannot be attached, or is not sent.</extracomment>
        <translation>This file's name is too long.</translation>
    </message>
</context>
<context>
    <name>attempt</name>
    <message>
        <source>Its function cannot be loaded: {why}</source>
        <extracomment>How an attempt of a task ended. {why} is an error.</extracomment>
        <translation>Its function cannot be loaded: {why}</translation>
    </message>
    <message>
        <source>The task lifespan has failed: {why}</source>
        <extracomment>How an attempt of a task ended. {why} is an error.</extracomment>
        <translation>The task lifespan has failed: {why}</translation>
    </message>
    <message>
        <source>It returned a {kind}, which nothing runs: its work is not done.</source>
        <extracomment>How an attempt of a task ended. {why} is an error.</extracomment>
        <translation>It returned a {kind}, which nothing runs: its work is not done.</translation>
    </message>
    <message>
        <source>What it returned cannot be kept: {why}</source>
        <extracomment>How an attempt of a task ended. {why} is an error.</extracomment>
        <translation>What it returned cannot be kept: {why}</translation>
    </message>
    <message>
        <source>Its function takes other arguments now: {why}.</source>
        <extracomment>How an attempt of a task ended. {why} is an error.</extracomment>
        <translation>Its function takes other arguments now: {why}.</translation>
    </message>
    <message>
        <source>The system cannot run it now: {why}</source>
        <extracomment>How an attempt of a task ended. {why} is an error.</extracomment>
        <translation>The system cannot run it now: {why}</translation>
    </message>
    <message>
        <source>Its worker cannot read the order and may be of another version: {why}</source>
        <extracomment>How an attempt of a task ended. {why} is an error.</extracomment>
        <translation>Its worker cannot read the order and may be of another version: {why}</translation>
    </message>
    <message>
        <source>The worker that ran it was deleted from the table of workers.</source>
        <extracomment>How an attempt of a task ended. {why} is an error.</extracomment>
        <translation>The worker that ran it was deleted from the table of workers.</translation>
    </message>
</context>
<context>
    <name>background</name>
    <message>
        <source>The background process could not be started: {why}.</source>
        <extracomment>Why the process that runs the tasks on this computer is not there, or cannot start.</extracomment>
        <translation>The background process could not be started: {why}.</translation>
    </message>
    <message>
        <source>The background process was not ready within {seconds} s.</source>
        <extracomment>Why the process that runs the tasks on this computer is not there, or cannot start.</extracomment>
        <translation>The background process was not ready within {seconds} s.</translation>
    </message>
    <message>
        <source>Another Sendoff process uses the data folder {folder} and does not answer: end that process, or restart the computer.</source>
        <extracomment>Why the process that runs the tasks on this computer is not there, or cannot start.</extracomment>
        <translation>Another Sendoff process uses the data folder {folder} and does not answer: end that process, or restart the computer.</translation>
    </message>
    <message>
        <source>Sendoff was updated.</source>
        <extracomment>Why the process that runs the tasks on this computer is not there, or cannot start.</extracomment>
        <translation>Sendoff was updated.</translation>
    </message>
    <message>
        <source>The process that this window was connected to has ended.</source>
        <extracomment>Why the process that runs the tasks on this computer is not there, or cannot start.</extracomment>
        <translation>The process that this window was connected to has ended.</translation>
    </message>
    <message>
        <source>The database is damaged; nothing more is kept in it.</source>
        <extracomment>Why the process that runs the tasks on this computer is not there, or cannot start.</extracomment>
        <translation>The database is damaged; nothing more is kept in it.</translation>
    </message>
    <message>
        <source>The background process did not answer for {seconds} s.</source>
        <extracomment>Why the process that runs the tasks on this computer is not there, or cannot start.</extracomment>
        <translation>The background process did not answer for {seconds} s.</translation>
    </message>
    <message>
        <source>The background process was ended from outside (signal {signal}).</source>
        <extracomment>Why the process that runs the tasks on this computer is not there, or cannot start.</extracomment>
        <translation>The background process was ended from outside (signal {signal}).</translation>
    </message>
    <message>
        <source>The background process ended with status {status}.</source>
        <extracomment>Why the process that runs the tasks on this computer is not there, or cannot start.</extracomment>
        <translation>The background process ended with status {status}.</translation>
    </message>
    <message>
        <source>A backend is already running on {folder}; use that one, or stop it first.</source>
        <extracomment>Why the process that runs the tasks on this computer is not there, or cannot start.</extracomment>
        <translation>A backend is already running on {folder}; use that one, or stop it first.</translation>
    </message>
    <message>
        <source>A backend is already running on {folder}, as process {process}; use that one, or stop it first.</source>
        <extracomment>Why the process that runs the tasks on this computer is not there, or cannot start.</extracomment>
        <translation>A backend is already running on {folder}, as process {process}; use that one, or stop it first.</translation>
    </message>
    <message>
        <source>{folder} cannot be made the store's own: {why}.</source>
        <extracomment>Why the process that runs the tasks on this computer is not there, or cannot start.</extracomment>
        <translation>{folder} cannot be made the store's own: {why}.</translation>
    </message>
    <message>
        <source>{file} has tasks of its own: bring them over by `sendoff move --to URL`, or give another --data-dir.</source>
        <extracomment>Why the process that runs the tasks on this computer is not there, or cannot start.</extracomment>
        <translation>{file} has tasks of its own: bring them over by `sendoff move --to URL`, or give another --data-dir.</translation>
    </message>
    <message>
        <source>The tasks in {file} belong to an app: start that app.</source>
        <extracomment>Why the process that runs the tasks on this computer is not there, or cannot start.</extracomment>
        <translation>The tasks in {file} belong to an app: start that app.</translation>
    </message>
    <message>
        <source>The tasks of {folder} are in a database on a server: name it by --database.</source>
        <extracomment>Why the process that runs the tasks on this computer is not there, or cannot start.</extracomment>
        <translation>The tasks of {folder} are in a database on a server: name it by --database.</translation>
    </message>
    <message>
        <source>--database takes postgresql://USER@HOST/NAME or sqlite:///PATH.</source>
        <extracomment>Why the process that runs the tasks on this computer is not there, or cannot start.</extracomment>
        <translation>--database takes postgresql://USER@HOST/NAME or sqlite:///PATH.</translation>
    </message>
</context>
<context>
    <name>backup</name>
    <message>
        <source>No backup could be made: {why}.</source>
        <extracomment>Why no backup of the database was made.</extracomment>
        <translation>No backup could be made: {why}.</translation>
    </message>
    <message>
        <source>No backup could be written to {folder}: {why}.</source>
        <extracomment>Why no backup of the database was made.</extracomment>
        <translation>No backup could be written to {folder}: {why}.</translation>
    </message>
    <message>
        <source>The backup of {file} was damaged and is not kept: {why}.</source>
        <extracomment>Why no backup of the database was made.</extracomment>
        <translation>The backup of {file} was damaged and is not kept: {why}.</translation>
    </message>
    <message>
        <source>A backup needs {needed} MiB of free space on the disk of {folder}.</source>
        <extracomment>Why no backup of the database was made.</extracomment>
        <translation>A backup needs {needed} MiB of free space on the disk of {folder}.</translation>
    </message>
    <message>
        <source>No backup could be finished for a day, because the database's log stays too long: close other programs that read it.</source>
        <extracomment>Why no backup of the database was made.</extracomment>
        <translation>No backup could be finished for a day, because the database's log stays too long: close other programs that read it.</translation>
    </message>
    <message>
        <source>{why} The newest one is of {newest}.</source>
        <extracomment>Why no backup of the database was made.</extracomment>
        <translation>{why} The newest one is of {newest}.</translation>
    </message>
</context>
<context>
    <name>backup.none</name>
    <message>
        <source>{why} There is none yet.</source>
        <extracomment>Why no backup of the database was made.</extracomment>
        <translation>{why} There is none yet.</translation>
    </message>
</context>
<context>
    <name>barred</name>
    <message>
        <source>The backend answers only to its own address.</source>
        <extracomment>Why a request is refused before it is read. {command} is what an administrator types.</extracomment>
        <translation>The backend answers only to its own address.</translation>
    </message>
    <message>
        <source>Web pages of other sites may not use the backend.</source>
        <extracomment>Why a request is refused before it is read. {command} is what an administrator types.</extracomment>
        <translation>Web pages of other sites may not use the backend.</translation>
    </message>
    <message>
        <source>A token is required: the one in this data folder's backend.json, or one made with {command}.</source>
        <extracomment>Why a request is refused before it is read. {command} is what an administrator types.</extracomment>
        <translation>A token is required: the one in this data folder's backend.json, or one made with {command}.</translation>
    </message>
    <message>
        <source>This token has expired. Ask for a new one, which {command} makes.</source>
        <extracomment>Why a request is refused before it is read. {command} is what an administrator types.</extracomment>
        <translation>This token has expired. Ask for a new one, which {command} makes.</translation>
    </message>
    <message>
        <source>This token is read-only.</source>
        <extracomment>Why a request is refused before it is read. {command} is what an administrator types.</extracomment>
        <translation>This token is read-only.</translation>
    </message>
</context>
<context>
    <name>batch</name>
    <message numerus="yes">
        <source>%Ln e-mails wait until you resume.</source>
        <extracomment>What the e-mails of a batch do, below its headline. What has stopped them stands before it.</extracomment>
        <translation>
            <numerusform>%Ln e-mail waits until you resume.</numerusform>
            <numerusform>%Ln e-mails wait until you resume.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln e-mails are still to be sent.</source>
        <extracomment>What the e-mails of a batch do, below its headline. What has stopped them stands before it.</extracomment>
        <translation>
            <numerusform>%Ln e-mail is still to be sent.</numerusform>
            <numerusform>%Ln e-mails are still to be sent.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln e-mails wait until it is known whether earlier ones to the same people were sent.</source>
        <extracomment>What the e-mails of a batch do, below its headline. What has stopped them stands before it.</extracomment>
        <translation>
            <numerusform>%Ln e-mail waits until it is known whether an earlier one to the same person was sent.</numerusform>
            <numerusform>%Ln e-mails wait until it is known whether earlier ones to the same people were sent.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln e-mails are ready to be sent.</source>
        <extracomment>What the e-mails of a batch do, below its headline. What has stopped them stands before it.</extracomment>
        <translation>
            <numerusform>%Ln e-mail is ready to be sent.</numerusform>
            <numerusform>%Ln e-mails are ready to be sent.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln e-mails are on hold.</source>
        <extracomment>What the e-mails of a batch do, below its headline. What has stopped them stands before it.</extracomment>
        <translation>
            <numerusform>%Ln e-mail is on hold.</numerusform>
            <numerusform>%Ln e-mails are on hold.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln e-mails are postponed.</source>
        <extracomment>What the e-mails of a batch do, below its headline. What has stopped them stands before it.</extracomment>
        <translation>
            <numerusform>%Ln e-mail is postponed.</numerusform>
            <numerusform>%Ln e-mails are postponed.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln e-mails were replaced by batch {batches}</source>
        <extracomment>What the e-mails of a batch do, below its headline. What has stopped them stands before it.</extracomment>
        <translation>
            <numerusform>%Ln e-mail was replaced by batch {batches}</numerusform>
            <numerusform>%Ln e-mails were replaced by batch {batches}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>batch.server</name>
    <message numerus="yes">
        <source>{server} postponed %Ln e-mails.</source>
        <extracomment>What the e-mails of a batch do, below its headline. What has stopped them stands before it.</extracomment>
        <translation>
            <numerusform>{server} postponed %Ln e-mail.</numerusform>
            <numerusform>{server} postponed %Ln e-mails.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>batch_action</name>
    <message>
        <source>the rest of “{name}”</source>
        <extracomment>In “Cancel · the rest of “May” · in 5 s”</extracomment>
        <translation>the rest of “{name}”</translation>
    </message>
    <message>
        <source>the draft “{name}”</source>
        <extracomment>What is about to be done to a batch, or was done.</extracomment>
        <translation>the draft “{name}”</translation>
    </message>
    <message numerus="yes">
        <source>Up to %Ln e-mails will be cancelled.</source>
        <extracomment>What is about to be done to a batch, or was done.</extracomment>
        <translation>
            <numerusform>Up to %Ln e-mail will be cancelled.</numerusform>
            <numerusform>Up to %Ln e-mails will be cancelled.</numerusform>
        </translation>
    </message>
    <message>
        <source>Undo leaves the batch as it was.</source>
        <extracomment>What is about to be done to a batch, or was done.</extracomment>
        <translation>Undo leaves the batch as it was.</translation>
    </message>
    <message>
        <source>No e-mail was left to cancel</source>
        <extracomment>What is about to be done to a batch, or was done.</extracomment>
        <translation>No e-mail was left to cancel</translation>
    </message>
    <message numerus="yes">
        <source>%Ln e-mails are cancelled</source>
        <extracomment>What is about to be done to a batch, or was done.</extracomment>
        <translation>
            <numerusform>%Ln e-mail is cancelled</numerusform>
            <numerusform>%Ln e-mails are cancelled</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln are being sent</source>
        <extracomment>What is about to be done to a batch, or was done.</extracomment>
        <translation>
            <numerusform>%Ln is being sent</numerusform>
            <numerusform>%Ln are being sent</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing is left to fix: all e-mails can be sent.</source>
        <extracomment>What is about to be done to a batch, or was done.</extracomment>
        <translation>Nothing is left to fix: all e-mails can be sent.</translation>
    </message>
    <message>
        <source>Nothing was sent: the spreadsheet is a draft again.</source>
        <extracomment>What is about to be done to a batch, or was done.</extracomment>
        <translation>Nothing was sent: the spreadsheet is a draft again.</translation>
    </message>
    <message>
        <source>Failed and postponed attempts count, too. Attempts while the server is away do not.</source>
        <extracomment>What is about to be done to a batch, or was done.</extracomment>
        <translation>Failed and postponed attempts count, too. Attempts while the server is away do not.</translation>
    </message>
    <message>
        <source>The report is being written…</source>
        <extracomment>What is about to be done to a batch, or was done.</extracomment>
        <translation>The report is being written…</translation>
    </message>
    <message>
        <source>The report is saved as {file}</source>
        <extracomment>What is about to be done to a batch, or was done.</extracomment>
        <translation>The report is saved as {file}</translation>
    </message>
</context>
<context>
    <name>batch_action.replacing</name>
    <message numerus="yes">
        <source>the draft: %Ln replaced e-mails stay cancelled · “{name}”</source>
        <extracomment>In “Delete · the draft: …”. It had replaced e-mails of other batches; a long line is cut at its end.</extracomment>
        <translation>
            <numerusform>the draft: %Ln replaced e-mail stays cancelled · “{name}”</numerusform>
            <numerusform>the draft: %Ln replaced e-mails stay cancelled · “{name}”</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>A draft again: %Ln replaced e-mails stay cancelled until it sends them. Or send them again in their batch.</source>
        <extracomment>In “Cancel · the rest of “May” · in 5 s”</extracomment>
        <translation>
            <numerusform>A draft again: %Ln replaced e-mail stays cancelled until it sends it. Or send it again in its batch.</numerusform>
            <numerusform>A draft again: %Ln replaced e-mails stay cancelled until it sends them. Or send them again in their batch.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>batch_history</name>
    <message>
        <source>This batch sent no e-mail for these rows.</source>
        <extracomment>Above a list of rows of a batch: what they are.</extracomment>
        <translation>This batch sent no e-mail for these rows.</translation>
    </message>
    <message>
        <source>This batch does not send these e-mails any more.</source>
        <extracomment>Above a list of rows of a batch: what they are.</extracomment>
        <translation>This batch does not send these e-mails any more.</translation>
    </message>
    <message>
        <source>These e-mails are sent one after the other.</source>
        <extracomment>Above a list of rows of a batch: what they are.</extracomment>
        <translation>These e-mails are sent one after the other.</translation>
    </message>
</context>
<context>
    <name>batch_letter</name>
    <message>
        <source>“{text}”</source>
        <extracomment>Which e-mail a batch sends: its template, then this.</extracomment>
        <translation>“{text}”</translation>
    </message>
    <message>
        <source>from {text}</source>
        <extracomment>Which e-mail a batch sends: its template, then this.</extracomment>
        <translation>from {text}</translation>
    </message>
    <message>
        <source>replies to {text}</source>
        <extracomment>Which e-mail a batch sends: its template, then this.</extracomment>
        <translation>replies to {text}</translation>
    </message>
    <message>
        <source>Cc {text}</source>
        <extracomment>Which e-mail a batch sends: its template, then this.</extracomment>
        <translation>Cc {text}</translation>
    </message>
    <message>
        <source>Bcc {text}</source>
        <extracomment>Which e-mail a batch sends: its template, then this.</extracomment>
        <translation>Bcc {text}</translation>
    </message>
</context>
<context>
    <name>batch_progress</name>
    <message>
        <source>{done} of {whole}</source>
        <extracomment>So many of the e-mails are sent.</extracomment>
        <translation>{done} of {whole}</translation>
    </message>
    <message>
        <source>{done} of {whole} kept</source>
        <extracomment>How far a batch is, in a cell and as its headline.</extracomment>
        <translation>{done} of {whole} kept</translation>
    </message>
    <message numerus="yes">
        <source>{done} of %Ln rows read</source>
        <extracomment>How far a batch is, in a cell and as its headline.</extracomment>
        <translation>
            <numerusform>{done} of %Ln row read</numerusform>
            <numerusform>{done} of %Ln rows read</numerusform>
        </translation>
    </message>
    <message>
        <source>{done} of {whole} checked</source>
        <extracomment>How far a batch is, in a cell and as its headline.</extracomment>
        <translation>{done} of {whole} checked</translation>
    </message>
    <message>
        <source>{done} of {whole} can be sent</source>
        <extracomment>How far a batch is, in a cell and as its headline.</extracomment>
        <translation>{done} of {whole} can be sent</translation>
    </message>
    <message>
        <source>No rows yet</source>
        <extracomment>How far a batch is, in a cell and as its headline.</extracomment>
        <translation>No rows yet</translation>
    </message>
    <message>
        <source>Nothing was sent</source>
        <extracomment>How far a batch is, in a cell and as its headline.</extracomment>
        <translation>Nothing was sent</translation>
    </message>
    <message>
        <source>Starts {when}</source>
        <extracomment>How far a batch is, in a cell and as its headline.</extracomment>
        <translation>Starts {when}</translation>
    </message>
</context>
<context>
    <name>batch_progress.headline</name>
    <message>
        <source>{done} of {whole} are sent</source>
        <extracomment>So many of the e-mails are sent.</extracomment>
        <translation>{done} of {whole} are sent</translation>
    </message>
    <message>
        <source>{done} of {whole} are kept</source>
        <extracomment>So many of the e-mails are sent.</extracomment>
        <translation>{done} of {whole} are kept</translation>
    </message>
</context>
<context>
    <name>batch_rows</name>
    <message>
        <source>sent</source>
        <extracomment>What became of rows of a batch, after or below their number.</extracomment>
        <translation>sent</translation>
    </message>
    <message>
        <source>kept</source>
        <extracomment>What became of rows of a batch, after or below their number.</extracomment>
        <translation>kept</translation>
    </message>
    <message>
        <source>to come</source>
        <extracomment>What became of rows of a batch, after or below their number.</extracomment>
        <translation>to come</translation>
    </message>
    <message>
        <source>failed</source>
        <extracomment>What became of rows of a batch, after or below their number.</extracomment>
        <translation>failed</translation>
    </message>
    <message>
        <source>uncertain</source>
        <extracomment>What became of rows of a batch, after or below their number.</extracomment>
        <translation>uncertain</translation>
    </message>
    <message>
        <source>marked as sent</source>
        <extracomment>What became of rows of a batch, after or below their number.</extracomment>
        <translation>marked as sent</translation>
    </message>
    <message>
        <source>bounced</source>
        <extracomment>What became of rows of a batch, after or below their number.</extracomment>
        <translation>bounced</translation>
    </message>
    <message>
        <source>cancelled</source>
        <extracomment>What became of rows of a batch, after or below their number.</extracomment>
        <translation>cancelled</translation>
    </message>
    <message>
        <source>left out</source>
        <extracomment>What became of rows of a batch, after or below their number.</extracomment>
        <translation>left out</translation>
    </message>
    <message numerus="yes">
        <source>left out (%Ln need a look)</source>
        <extracomment>What became of rows of a batch, after or below their number.</extracomment>
        <translation>
            <numerusform>left out (%Ln needs a look)</numerusform>
            <numerusform>left out (%Ln need a look)</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln need a look</source>
        <extracomment>What became of rows of a batch, after or below their number.</extracomment>
        <translation>
            <numerusform>%Ln needs a look</numerusform>
            <numerusform>%Ln need a look</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln rows need a look</source>
        <extracomment>What became of rows of a batch, after or below their number.</extracomment>
        <translation>
            <numerusform>%Ln row needs a look</numerusform>
            <numerusform>%Ln rows need a look</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln postponed</source>
        <extracomment>What became of rows of a batch, after or below their number.</extracomment>
        <translation>
            <numerusform>%Ln postponed</numerusform>
            <numerusform>%Ln postponed</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>batch_started</name>
    <message numerus="yes">
        <source>%Ln e-mails will be kept {when}, or sent if real sending is set up by then</source>
        <extracomment>What becomes of the e-mails of a batch that was started.</extracomment>
        <translation>
            <numerusform>%Ln e-mail will be kept {when}, or sent if real sending is set up by then</numerusform>
            <numerusform>%Ln e-mails will be kept {when}, or sent if real sending is set up by then</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln e-mails will be kept, not sent</source>
        <extracomment>What becomes of the e-mails of a batch that was started.</extracomment>
        <translation>
            <numerusform>%Ln e-mail will be kept, not sent</numerusform>
            <numerusform>%Ln e-mails will be kept, not sent</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln e-mails will be sent {when}</source>
        <extracomment>What becomes of the e-mails of a batch that was started.</extracomment>
        <translation>
            <numerusform>%Ln e-mail will be sent {when}</numerusform>
            <numerusform>%Ln e-mails will be sent {when}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln e-mails will be sent, at most {rate}; the first in {s} s</source>
        <extracomment>What becomes of the e-mails of a batch that was started.</extracomment>
        <translation>
            <numerusform>%Ln e-mail will be sent, at most {rate}; the first in {s} s</numerusform>
            <numerusform>%Ln e-mails will be sent, at most {rate}; the first in {s} s</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Sending %Ln e-mails begins in {s} s</source>
        <extracomment>What becomes of the e-mails of a batch that was started.</extracomment>
        <translation>
            <numerusform>Sending %Ln e-mail begins in {s} s</numerusform>
            <numerusform>Sending %Ln e-mails begins in {s} s</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln e-mails are being sent, at most {rate}</source>
        <extracomment>What becomes of the e-mails of a batch that was started.</extracomment>
        <translation>
            <numerusform>%Ln e-mail is being sent, at most {rate}</numerusform>
            <numerusform>%Ln e-mails are being sent, at most {rate}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln e-mails are being sent</source>
        <extracomment>What becomes of the e-mails of a batch that was started.</extracomment>
        <translation>
            <numerusform>%Ln e-mail is being sent</numerusform>
            <numerusform>%Ln e-mails are being sent</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>batch_state</name>
    <message>
        <source>Draft</source>
        <extracomment>The state of a batch, in a list.</extracomment>
        <translation>Draft</translation>
    </message>
    <message>
        <source>Paused</source>
        <extracomment>The state of a batch, in a list.</extracomment>
        <translation>Paused</translation>
    </message>
    <message>
        <source>Waiting</source>
        <extracomment>The state of a batch, in a list.</extracomment>
        <translation>Waiting</translation>
    </message>
    <message>
        <source>Ready</source>
        <extracomment>The state of a batch, in a list.</extracomment>
        <translation>Ready</translation>
    </message>
    <message>
        <source>On hold</source>
        <extracomment>The state of a batch, in a list.</extracomment>
        <translation>On hold</translation>
    </message>
    <message>
        <source>Scheduled</source>
        <extracomment>The state of a batch, in a list.</extracomment>
        <translation>Scheduled</translation>
    </message>
    <message>
        <source>Sending</source>
        <extracomment>The state of a batch, in a list.</extracomment>
        <translation>Sending</translation>
    </message>
    <message>
        <source>Cancelling…</source>
        <extracomment>The state of a batch, in a list.</extracomment>
        <translation>Cancelling…</translation>
    </message>
    <message>
        <source>Done</source>
        <extracomment>The state of a batch, in a list.</extracomment>
        <translation>Done</translation>
    </message>
    <message>
        <source>Partly sent</source>
        <extracomment>The state of a batch, in a list.</extracomment>
        <translation>Partly sent</translation>
    </message>
    <message>
        <source>Partly kept</source>
        <extracomment>The state of a batch, in a list.</extracomment>
        <translation>Partly kept</translation>
    </message>
    <message>
        <source>Failed</source>
        <extracomment>The state of a batch, in a list.</extracomment>
        <translation>Failed</translation>
    </message>
    <message>
        <source>Uncertain</source>
        <extracomment>The state of a batch, in a list.</extracomment>
        <translation>Uncertain</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <extracomment>The state of a batch, in a list.</extracomment>
        <translation>Cancelled</translation>
    </message>
    <message>
        <source>Kept</source>
        <extracomment>The state of a batch, in a list.</extracomment>
        <translation>Kept</translation>
    </message>
</context>
<context>
    <name>batch_times</name>
    <message>
        <source>The e-mails are sent as fast as possible.</source>
        <extracomment>When the e-mails of a batch are sent. {when} is such as “14:00 today”, {rate} “500 a day”.</extracomment>
        <translation>The e-mails are sent as fast as possible.</translation>
    </message>
    <message>
        <source>The e-mails are sent from {when} on, as fast as possible.</source>
        <extracomment>When the e-mails of a batch are sent. {when} is such as “14:00 today”, {rate} “500 a day”.</extracomment>
        <translation>The e-mails are sent from {when} on, as fast as possible.</translation>
    </message>
    <message>
        <source>The last e-mail is sent {when}.</source>
        <extracomment>When the e-mails of a batch are sent. {when} is such as “14:00 today”, {rate} “500 a day”.</extracomment>
        <translation>The last e-mail is sent {when}.</translation>
    </message>
    <message>
        <source>The last e-mail is sent {when} at the earliest.</source>
        <extracomment>When the e-mails of a batch are sent. {when} is such as “14:00 today”, {rate} “500 a day”.</extracomment>
        <translation>The last e-mail is sent {when} at the earliest.</translation>
    </message>
    <message>
        <source>The last e-mail is sent {when} at this pace.</source>
        <extracomment>When the e-mails of a batch are sent. {when} is such as “14:00 today”, {rate} “500 a day”.</extracomment>
        <translation>The last e-mail is sent {when} at this pace.</translation>
    </message>
    <message>
        <source>The next e-mail is sent {when}, the last one {last}.</source>
        <extracomment>When the e-mails of a batch are sent. {when} is such as “14:00 today”, {rate} “500 a day”.</extracomment>
        <translation>The next e-mail is sent {when}, the last one {last}.</translation>
    </message>
    <message>
        <source>The batch continues {when}.</source>
        <extracomment>When the e-mails of a batch are sent. {when} is such as “14:00 today”, {rate} “500 a day”.</extracomment>
        <translation>The batch continues {when}.</translation>
    </message>
    <message>
        <source>The limit of {rate} is reached.</source>
        <extracomment>When the e-mails of a batch are sent. {when} is such as “14:00 today”, {rate} “500 a day”.</extracomment>
        <translation>The limit of {rate} is reached.</translation>
    </message>
    <message>
        <source>The provider's limit of {rate} is reached.</source>
        <extracomment>When the e-mails of a batch are sent. {when} is such as “14:00 today”, {rate} “500 a day”.</extracomment>
        <translation>The provider's limit of {rate} is reached.</translation>
    </message>
    <message>
        <source>Outside the sending hours.</source>
        <extracomment>When the e-mails of a batch are sent. {when} is such as “14:00 today”, {rate} “500 a day”.</extracomment>
        <translation>Outside the sending hours.</translation>
    </message>
    <message>
        <source>At most {rate}.</source>
        <extracomment>When the e-mails of a batch are sent. {when} is such as “14:00 today”, {rate} “500 a day”.</extracomment>
        <translation>At most {rate}.</translation>
    </message>
    <message>
        <source>Earlier, the server took {rate}.</source>
        <extracomment>When the e-mails of a batch are sent. {when} is such as “14:00 today”, {rate} “500 a day”.</extracomment>
        <translation>Earlier, the server took {rate}.</translation>
    </message>
</context>
<context>
    <name>beside</name>
    <message numerus="yes">
        <source>%Ln are running and are asked to stop</source>
        <extracomment>What an action does besides.</extracomment>
        <translation>
            <numerusform>%Ln is running and is asked to stop</numerusform>
            <numerusform>%Ln are running and are asked to stop</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln were only kept in practice mode and not sent.</source>
        <extracomment>What an action does besides.</extracomment>
        <translation>
            <numerusform>%Ln was only kept in practice mode and not sent.</numerusform>
            <numerusform>%Ln were only kept in practice mode and not sent.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln of them start {when}.</source>
        <extracomment>What an action does besides.</extracomment>
        <translation>
            <numerusform>%Ln of them starts {when}.</numerusform>
            <numerusform>%Ln of them start {when}.</numerusform>
        </translation>
    </message>
    <message>
        <source>Skipped: {why}</source>
        <extracomment>{why}: “3 are running, 1 is gone”</extracomment>
        <translation>Skipped: {why}</translation>
    </message>
</context>
<context>
    <name>bounce</name>
    <message>
        <source>It came back</source>
        <extracomment>By what the e-mail of an address that came back was found, in a cell.</extracomment>
        <translation>It came back</translation>
    </message>
    <message>
        <source>The only e-mail to this address</source>
        <extracomment>By what the e-mail of an address that came back was found, in a cell.</extracomment>
        <translation>The only e-mail to this address</translation>
    </message>
    <message>
        <source>Which e-mail is it?</source>
        <extracomment>By what the e-mail of an address that came back was found, in a cell.</extracomment>
        <translation>Which e-mail is it?</translation>
    </message>
    <message>
        <source>No e-mail to this address</source>
        <extracomment>By what the e-mail of an address that came back was found, in a cell.</extracomment>
        <translation>No e-mail to this address</translation>
    </message>
    <message>
        <source>Marked before</source>
        <extracomment>By what the e-mail of an address that came back was found, in a cell.</extracomment>
        <translation>Marked before</translation>
    </message>
</context>
<context>
    <name>bounces</name>
    <message>
        <source>The e-mails are being read…</source>
        <extracomment>What was found in e-mails that came back.</extracomment>
        <translation>The e-mails are being read…</translation>
    </message>
    <message numerus="yes">
        <source>%Ln addresses came back.</source>
        <extracomment>What was found in e-mails that came back.</extracomment>
        <translation>
            <numerusform>%Ln address came back.</numerusform>
            <numerusform>%Ln addresses came back.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>For %Ln addresses it is not certain which e-mail came back.</source>
        <extracomment>What was found in e-mails that came back.</extracomment>
        <translation>
            <numerusform>For %Ln address it is not certain which e-mail came back.</numerusform>
            <numerusform>For %Ln addresses it is not certain which e-mail came back.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln other messages are not returned e-mails.</source>
        <extracomment>What was found in e-mails that came back.</extracomment>
        <translation>
            <numerusform>%Ln other message is not a returned e-mail.</numerusform>
            <numerusform>%Ln other messages are not returned e-mails.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln messages could not be read; they may be returned e-mails. Save each as .eml by itself.</source>
        <extracomment>What was found in e-mails that came back.</extracomment>
        <translation>
            <numerusform>%Ln message could not be read; it may be a returned e-mail. Save it as .eml by itself.</numerusform>
            <numerusform>%Ln messages could not be read; they may be returned e-mails. Save each as .eml by itself.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln e-mails are marked as bounced</source>
        <extracomment>What was found in e-mails that came back.</extracomment>
        <translation>
            <numerusform>%Ln e-mail is marked as bounced</numerusform>
            <numerusform>%Ln e-mails are marked as bounced</numerusform>
        </translation>
    </message>
    <message>
        <source>Task {number}, {title}, to {to}, sent {when}</source>
        <extracomment>What was found in e-mails that came back.</extracomment>
        <translation>Task {number}, {title}, to {to}, sent {when}</translation>
    </message>
</context>
<context>
    <name>cause</name>
    <message>
        <source>{exception} in {function} ({file})</source>
        <extracomment>What the failures of several tasks have in common.</extracomment>
        <translation>{exception} in {function} ({file})</translation>
    </message>
    <message>
        <source>Timed out</source>
        <extracomment>What the failures of several tasks have in common.</extracomment>
        <translation>Timed out</translation>
    </message>
    <message>
        <source>Different errors</source>
        <extracomment>What the failures of several tasks have in common.</extracomment>
        <translation>Different errors</translation>
    </message>
    <message>
        <source>{server} answered {code}</source>
        <extracomment>What the failures of several tasks have in common.</extracomment>
        <translation>{server} answered {code}</translation>
    </message>
    <message>
        <source>Everything is paused</source>
        <extracomment>What the failures of several tasks have in common.</extracomment>
        <translation>Everything is paused</translation>
    </message>
    <message>
        <source>The queue {queue} is paused</source>
        <extracomment>What the failures of several tasks have in common.</extracomment>
        <translation>The queue {queue} is paused</translation>
    </message>
    <message>
        <source>The server cannot be reached</source>
        <extracomment>What the failures of several tasks have in common.</extracomment>
        <translation>The server cannot be reached</translation>
    </message>
    <message>
        <source>The server takes no more for now</source>
        <extracomment>What the failures of several tasks have in common.</extracomment>
        <translation>The server takes no more for now</translation>
    </message>
    <message>
        <source>The task's function is missing</source>
        <extracomment>What the failures of several tasks have in common.</extracomment>
        <translation>The task's function is missing</translation>
    </message>
    <message>
        <source>Interrupted three times</source>
        <extracomment>What the failures of several tasks have in common.</extracomment>
        <translation>Interrupted three times</translation>
    </message>
    <message>
        <source>The last attempt failed</source>
        <extracomment>What the failures of several tasks have in common.</extracomment>
        <translation>The last attempt failed</translation>
    </message>
    <message>
        <source>Ready to start</source>
        <extracomment>What the failures of several tasks have in common.</extracomment>
        <translation>Ready to start</translation>
    </message>
    <message>
        <source>Waiting for another task</source>
        <extracomment>What the failures of several tasks have in common.</extracomment>
        <translation>Waiting for another task</translation>
    </message>
    <message>
        <source>The batch {batch_id} is paused</source>
        <extracomment>What the failures of several tasks have in common.</extracomment>
        <translation>The batch {batch_id} is paused</translation>
    </message>
    <message>
        <source>The server accepts no more e-mails for now</source>
        <extracomment>What the failures of several tasks have in common.</extracomment>
        <translation>The server accepts no more e-mails for now</translation>
    </message>
    <message>
        <source>Ready to be sent</source>
        <extracomment>What the failures of several tasks have in common.</extracomment>
        <translation>Ready to be sent</translation>
    </message>
    <message>
        <source>Other reasons</source>
        <extracomment>After three that are named.</extracomment>
        <translation>Other reasons</translation>
    </message>
</context>
<context>
    <name>cause.535</name>
    <message>
        <source>{server} refused the user name or password ({code})</source>
        <extracomment>What the failures of several tasks have in common.</extracomment>
        <translation>{server} refused the user name or password ({code})</translation>
    </message>
</context>
<context>
    <name>cause.batch</name>
    <message>
        <source>The batch {batch} is paused</source>
        <extracomment>What the failures of several tasks have in common.</extracomment>
        <translation>The batch {batch} is paused</translation>
    </message>
</context>
<context>
    <name>cause.server</name>
    <message>
        <source>{server} cannot be reached</source>
        <extracomment>What the failures of several tasks have in common.</extracomment>
        <translation>{server} cannot be reached</translation>
    </message>
    <message>
        <source>{server} takes no more for now</source>
        <extracomment>What the failures of several tasks have in common.</extracomment>
        <translation>{server} takes no more for now</translation>
    </message>
    <message>
        <source>{server} accepts no more e-mails for now</source>
        <extracomment>What the failures of several tasks have in common.</extracomment>
        <translation>{server} accepts no more e-mails for now</translation>
    </message>
</context>
<context>
    <name>cause.text</name>
    <message>
        <source>{text}</source>
        <extracomment>What the failures of several tasks have in common.</extracomment>
        <translation>{text}</translation>
    </message>
</context>
<context>
    <name>client</name>
    <message>
        <source>The program does not answer right now. Try again in a moment.</source>
        <extracomment>Why a call of the window or the shell was not answered as it should be.</extracomment>
        <translation>The program does not answer right now. Try again in a moment.</translation>
    </message>
    <message>
        <source>The program has not answered within {within} s. Nothing is lost; try again.</source>
        <extracomment>Why a call of the window or the shell was not answered as it should be.</extracomment>
        <translation>The program has not answered within {within} s. Nothing is lost; try again.</translation>
    </message>
    <message>
        <source>The program has not answered in time. Nothing is lost; try again.</source>
        <extracomment>Why a call of the window or the shell was not answered as it should be.</extracomment>
        <translation>The program has not answered in time. Nothing is lost; try again.</translation>
    </message>
    <message>
        <source>The program is busy. Try again in a moment.</source>
        <extracomment>Why a call of the window or the shell was not answered as it should be.</extracomment>
        <translation>The program is busy. Try again in a moment.</translation>
    </message>
    <message>
        <source>The program was restarted.</source>
        <extracomment>Why a call of the window or the shell was not answered as it should be.</extracomment>
        <translation>The program was restarted.</translation>
    </message>
    <message>
        <source>What answered at {address} is not this version of the program. Restart it.</source>
        <extracomment>Why a call of the window or the shell was not answered as it should be.</extracomment>
        <translation>What answered at {address} is not this version of the program. Restart it.</translation>
    </message>
    <message>
        <source>What answered at {address} is not this version of the program (status {status}). Restart it.</source>
        <extracomment>Why a call of the window or the shell was not answered as it should be.</extracomment>
        <translation>What answered at {address} is not this version of the program (status {status}). Restart it.</translation>
    </message>
    <message>
        <source>Sendoff does not answer right now. Try again in a moment.</source>
        <extracomment>Why a call of the window or the shell was not answered as it should be.</extracomment>
        <translation>Sendoff does not answer right now. Try again in a moment.</translation>
    </message>
    <message>
        <source>Sendoff has not answered within {within} s. Nothing is lost; try again.</source>
        <extracomment>Why a call of the window or the shell was not answered as it should be.</extracomment>
        <translation>Sendoff has not answered within {within} s. Nothing is lost; try again.</translation>
    </message>
    <message>
        <source>Sendoff has not answered in time. Nothing is lost; try again.</source>
        <extracomment>Why a call of the window or the shell was not answered as it should be.</extracomment>
        <translation>Sendoff has not answered in time. Nothing is lost; try again.</translation>
    </message>
    <message>
        <source>Sendoff is busy. Try again in a moment.</source>
        <extracomment>Why a call of the window or the shell was not answered as it should be.</extracomment>
        <translation>Sendoff is busy. Try again in a moment.</translation>
    </message>
    <message>
        <source>Sendoff was restarted; the window is connecting to it.</source>
        <extracomment>Why a call of the window or the shell was not answered as it should be.</extracomment>
        <translation>Sendoff was restarted; the window is connecting to it.</translation>
    </message>
    <message>
        <source>What answered at {address} is not this version of Sendoff's backend. Restart Sendoff.</source>
        <extracomment>Why a call of the window or the shell was not answered as it should be.</extracomment>
        <translation>What answered at {address} is not this version of Sendoff's backend. Restart Sendoff.</translation>
    </message>
    <message>
        <source>What answered at {address} is not this version of Sendoff's backend (status {status}). Restart Sendoff.</source>
        <extracomment>Why a call of the window or the shell was not answered as it should be.</extracomment>
        <translation>What answered at {address} is not this version of Sendoff's backend (status {status}). Restart Sendoff.</translation>
    </message>
</context>
<context>
    <name>closing</name>
    <message numerus="yes">
        <source>%Ln items or corrections are not submitted yet. They are saved, and are submitted when this window is opened again.</source>
        <extracomment>What is not done yet when a person closes the window.</extracomment>
        <translation>
            <numerusform>%Ln item or correction is not submitted yet. It is saved, and is submitted when this window is opened again.</numerusform>
            <numerusform>%Ln items or corrections are not submitted yet. They are saved, and are submitted when this window is opened again.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln actions have not reached Sendoff yet, and would be lost.</source>
        <extracomment>What is not done yet when a person closes the window.</extracomment>
        <translation>
            <numerusform>%Ln action has not reached Sendoff yet, and would be lost.</numerusform>
            <numerusform>%Ln actions have not reached Sendoff yet, and would be lost.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln tasks are not done yet.</source>
        <extracomment>What is not done yet when a person closes the window.</extracomment>
        <translation>
            <numerusform>%Ln task is not done yet.</numerusform>
            <numerusform>%Ln tasks are not done yet.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The next one starts {when}, if Sendoff runs then.</source>
        <extracomment>What is not done yet when a person closes the window.</extracomment>
        <translation>
            <numerusform>It starts {when}, if Sendoff runs then.</numerusform>
            <numerusform>The next one starts {when}, if Sendoff runs then.</numerusform>
        </translation>
    </message>
    <message>
        <source>After the next start, nothing is sent until you type the password.</source>
        <extracomment>What is not done yet when a person closes the window.</extracomment>
        <translation>After the next start, nothing is sent until you type the password.</translation>
    </message>
    <message>
        <source>Sending stays paused, also after the next start, until you resume it.</source>
        <extracomment>What is not done yet when a person closes the window.</extracomment>
        <translation>Sending stays paused, also after the next start, until you resume it.</translation>
    </message>
</context>
<context>
    <name>copy_to</name>
    <message>
        <source>This copy goes to the address below. The item stays as it is, for {to}.</source>
        <extracomment>Sending an e-mail once more, to another address.</extracomment>
        <translation>This copy goes to the address below. The item stays as it is, for {to}.</translation>
    </message>
    <message>
        <source>A copy does not inform the item's recipient. If the address is wrong, correct the item instead.</source>
        <extracomment>Sending an e-mail once more, to another address.</extracomment>
        <translation>A copy does not inform the item's recipient. If the address is wrong, correct the item instead.</translation>
    </message>
</context>
<context>
    <name>corrected</name>
    <message>
        <source>Corrected to {to}</source>
        <extracomment>A task whose item was corrected.</extracomment>
        <translation>Corrected to {to}</translation>
    </message>
    <message>
        <source>corrected; before that, for {to}: {said}</source>
        <extracomment>A task whose item was corrected.</extracomment>
        <translation>corrected; before that, for {to}: {said}</translation>
    </message>
</context>
<context>
    <name>correction</name>
    <message>
        <source>The e-mail has not been sent yet. It is sent as you save it here.</source>
        <extracomment>What became of a correction, or what saving one does. Names of buttons stand in it.</extracomment>
        <translation>The e-mail has not been sent yet. It is sent as you save it here.</translation>
    </message>
    <message>
        <source>The e-mail is sent with your changes when you press {button}.</source>
        <extracomment>What became of a correction, or what saving one does. Names of buttons stand in it.</extracomment>
        <translation>The e-mail is sent with your changes when you press {button}.</translation>
    </message>
    <message>
        <source>{button} tries it at once with your changes; after Save only, the next attempt uses them.</source>
        <extracomment>What became of a correction, or what saving one does. Names of buttons stand in it.</extracomment>
        <translation>{button} tries it at once with your changes; after Save only, the next attempt uses them.</translation>
    </message>
    <message>
        <source>The next attempt uses your changes.</source>
        <extracomment>What became of a correction, or what saving one does. Names of buttons stand in it.</extracomment>
        <translation>The next attempt uses your changes.</translation>
    </message>
    <message>
        <source>Wait until it has finished, then save.</source>
        <extracomment>What became of a correction, or what saving one does. Names of buttons stand in it.</extracomment>
        <translation>Wait until it has finished, then save.</translation>
    </message>
    <message>
        <source>Saving sends nothing. Say afterwards whether it was sent: Send again then uses what you save here.</source>
        <extracomment>What became of a correction, or what saving one does. Names of buttons stand in it.</extracomment>
        <translation>Saving sends nothing. Say afterwards whether it was sent: Send again then uses what you save here.</translation>
    </message>
    <message>
        <source>The e-mail was sent to {to}. {button} sends it once more with your changes.</source>
        <extracomment>What became of a correction, or what saving one does. Names of buttons stand in it.</extracomment>
        <translation>The e-mail was sent to {to}. {button} sends it once more with your changes.</translation>
    </message>
    <message>
        <source>The e-mail was kept in practice mode, not sent. With real sending, it is sent with your changes.</source>
        <extracomment>What became of a correction, or what saving one does. Names of buttons stand in it.</extracomment>
        <translation>The e-mail was kept in practice mode, not sent. With real sending, it is sent with your changes.</translation>
    </message>
    <message>
        <source>The template was changed since: what you send now has its new text.</source>
        <extracomment>What became of a correction, or what saving one does. Names of buttons stand in it.</extracomment>
        <translation>The template was changed since: what you send now has its new text.</translation>
    </message>
    <message>
        <source>Saved, but the e-mail had already gone to {to}.</source>
        <extracomment>What became of a correction, or what saving one does. Names of buttons stand in it.</extracomment>
        <translation>Saved, but the e-mail had already gone to {to}.</translation>
    </message>
    <message>
        <source>Saved, but its task had already ended.</source>
        <extracomment>What became of a correction, or what saving one does. Names of buttons stand in it.</extracomment>
        <translation>Saved, but its task had already ended.</translation>
    </message>
    <message>
        <source>Item {number} is corrected</source>
        <extracomment>What became of a correction, or what saving one does. Names of buttons stand in it.</extracomment>
        <translation>Item {number} is corrected</translation>
    </message>
    <message>
        <source>Item {number} stays as it was</source>
        <extracomment>What became of a correction, or what saving one does. Names of buttons stand in it.</extracomment>
        <translation>Item {number} stays as it was</translation>
    </message>
    <message>
        <source>Now say whether the e-mail of item {number} was sent</source>
        <extracomment>What became of a correction, or what saving one does. Names of buttons stand in it.</extracomment>
        <translation>Now say whether the e-mail of item {number} was sent</translation>
    </message>
    <message>
        <source>Item {number} is corrected. Now say whether its e-mail was sent.</source>
        <extracomment>What became of a correction, or what saving one does. Names of buttons stand in it.</extracomment>
        <translation>Item {number} is corrected. Now say whether its e-mail was sent.</translation>
    </message>
    <message>
        <source>The new e-mail is not sent. Item {number} stays corrected.</source>
        <extracomment>What became of a correction, or what saving one does. Names of buttons stand in it.</extracomment>
        <translation>The new e-mail is not sent. Item {number} stays corrected.</translation>
    </message>
    <message>
        <source>It is not known whether item {number} was corrected: Sendoff did not answer for days.</source>
        <extracomment>What became of a correction, or what saving one does. Names of buttons stand in it.</extracomment>
        <translation>It is not known whether item {number} was corrected: Sendoff did not answer for days.</translation>
    </message>
    <message>
        <source>The address is the same, and the server refused it.</source>
        <extracomment>What became of a correction, or what saving one does. Names of buttons stand in it.</extracomment>
        <translation>The address is the same, and the server refused it.</translation>
    </message>
    <message>
        <source>Not filled in: {fields}. Press “{button}” again to leave this empty.</source>
        <extracomment>What became of a correction, or what saving one does. Names of buttons stand in it.</extracomment>
        <translation>Not filled in: {fields}. Press “{button}” again to leave this empty.</translation>
    </message>
    <message>
        <source>The item was changed elsewhere meanwhile. What you typed stays here.</source>
        <extracomment>What became of a correction, or what saving one does. Names of buttons stand in it.</extracomment>
        <translation>The item was changed elsewhere meanwhile. What you typed stays here.</translation>
    </message>
    <message>
        <source>The correction was discarded</source>
        <extracomment>What became of a correction, or what saving one does. Names of buttons stand in it.</extracomment>
        <translation>The correction was discarded</translation>
    </message>
</context>
<context>
    <name>count</name>
    <message numerus="yes">
        <source>%Ln done</source>
        <extracomment>How many tasks are in a state, in a line of several.</extracomment>
        <translation>
            <numerusform>%Ln done</numerusform>
            <numerusform>%Ln done</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln failed</source>
        <extracomment>How many tasks are in a state, in a line of several.</extracomment>
        <translation>
            <numerusform>%Ln failed</numerusform>
            <numerusform>%Ln failed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln uncertain</source>
        <extracomment>How many tasks are in a state, in a line of several.</extracomment>
        <translation>
            <numerusform>%Ln uncertain</numerusform>
            <numerusform>%Ln uncertain</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln waiting for another attempt</source>
        <extracomment>How many tasks are in a state, in a line of several.</extracomment>
        <translation>
            <numerusform>%Ln waiting for another attempt</numerusform>
            <numerusform>%Ln waiting for another attempt</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln cancelled</source>
        <extracomment>How many tasks are in a state, in a line of several.</extracomment>
        <translation>
            <numerusform>%Ln cancelled</numerusform>
            <numerusform>%Ln cancelled</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln kept in practice mode</source>
        <extracomment>How many tasks are in a state, in a line of several.</extracomment>
        <translation>
            <numerusform>%Ln kept in practice mode</numerusform>
            <numerusform>%Ln kept in practice mode</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln tasks</source>
        <extracomment>How many tasks are in a state, in a line of several.</extracomment>
        <translation>
            <numerusform>%Ln task</numerusform>
            <numerusform>%Ln tasks</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln sent</source>
        <extracomment>How many tasks are in a state, in a line of several.</extracomment>
        <translation>
            <numerusform>%Ln sent</numerusform>
            <numerusform>%Ln sent</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln e-mails</source>
        <extracomment>How many tasks are in a state, in a line of several.</extracomment>
        <translation>
            <numerusform>%Ln e-mail</numerusform>
            <numerusform>%Ln e-mails</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>cure</name>
    <message>
        <source>Open the tasks folder</source>
        <extracomment>What helps against a cause: the name of a button.</extracomment>
        <translation>Open the tasks folder</translation>
    </message>
    <message>
        <source>Retry</source>
        <extracomment>What helps against a cause: the name of a button.</extracomment>
        <translation>Retry</translation>
    </message>
    <message>
        <source>Say what happened</source>
        <extracomment>What helps against a cause: the name of a button.</extracomment>
        <translation>Say what happened</translation>
    </message>
    <message>
        <source>Resume</source>
        <extracomment>What helps against a cause: the name of a button.</extracomment>
        <translation>Resume</translation>
    </message>
    <message numerus="yes">
        <source>Retry the %Ln that failed</source>
        <extracomment>What helps against a cause: the name of a button.</extracomment>
        <translation>
            <numerusform>Retry the one that failed</numerusform>
            <numerusform>Retry the %Ln that failed</numerusform>
        </translation>
    </message>
    <message>
        <source>Retrying automatically</source>
        <extracomment>Nothing has to be done.</extracomment>
        <translation>Retrying automatically</translation>
    </message>
    <message>
        <source>Retrying once the problem is fixed</source>
        <extracomment>What helps against a cause: the name of a button.</extracomment>
        <translation>Retrying once the problem is fixed</translation>
    </message>
    <message>
        <source>Mail settings</source>
        <extracomment>What helps against a cause: the name of a button.</extracomment>
        <translation>Mail settings</translation>
    </message>
    <message>
        <source>Sign in</source>
        <extracomment>What helps against a cause: the name of a button.</extracomment>
        <translation>Sign in</translation>
    </message>
    <message>
        <source>Correct addresses</source>
        <extracomment>What helps against a cause: the name of a button.</extracomment>
        <translation>Correct addresses</translation>
    </message>
    <message numerus="yes">
        <source>Correct the %Ln addresses</source>
        <extracomment>What helps against a cause: the name of a button.</extracomment>
        <translation>
            <numerusform>Correct the address</numerusform>
            <numerusform>Correct the %Ln addresses</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Correct %Ln rows and send…</source>
        <extracomment>What helps against a cause: the name of a button.</extracomment>
        <translation>
            <numerusform>Correct %Ln row and send…</numerusform>
            <numerusform>Correct %Ln rows and send…</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Send %Ln cancelled e-mails again…</source>
        <extracomment>What helps against a cause: the name of a button.</extracomment>
        <translation>
            <numerusform>Send %Ln cancelled e-mail again…</numerusform>
            <numerusform>Send %Ln cancelled e-mails again…</numerusform>
        </translation>
    </message>
    <message>
        <source>Edit the letter…</source>
        <extracomment>What helps against a cause: the name of a button.</extracomment>
        <translation>Edit the letter…</translation>
    </message>
</context>
<context>
    <name>damaged</name>
    <message>
        <source>Replace the damaged database by its backup? Everything after the backup is lost.</source>
        <extracomment>The database is damaged: what is asked before a way out, and what was done.</extracomment>
        <translation>Replace the damaged database by its backup? Everything after the backup is lost.</translation>
    </message>
    <message>
        <source>Start with an empty database? Earlier tasks and items are not in it. The damaged file is kept.</source>
        <extracomment>The database is damaged: what is asked before a way out, and what was done.</extracomment>
        <translation>Start with an empty database? Earlier tasks and items are not in it. The damaged file is kept.</translation>
    </message>
    <message>
        <source>The damaged file is in {folder}</source>
        <extracomment>The database is damaged: what is asked before a way out, and what was done.</extracomment>
        <translation>The damaged file is in {folder}</translation>
    </message>
</context>
<context>
    <name>database</name>
    <message>
        <source>The tasks of this database are run by {holder}. End it first.</source>
        <extracomment>Why a database on a server cannot be used. {help} is a sentence on what helps, or nothing.</extracomment>
        <translation>The tasks of this database are run by {holder}. End it first.</translation>
    </message>
    <message>
        <source>The database server cannot be reached: nothing new is accepted until it is back.</source>
        <extracomment>Why a database on a server cannot be used. {help} is a sentence on what helps, or nothing.</extracomment>
        <translation>The database server cannot be reached: nothing new is accepted until it is back.</translation>
    </message>
    <message>
        <source>The database server's disk is full, so nothing new can be kept.</source>
        <extracomment>Why a database on a server cannot be used. {help} is a sentence on what helps, or nothing.</extracomment>
        <translation>The database server's disk is full, so nothing new can be kept.</translation>
    </message>
    <message>
        <source>The database server has no memory left; it is tried again soon.</source>
        <extracomment>Why a database on a server cannot be used. {help} is a sentence on what helps, or nothing.</extracomment>
        <translation>The database server has no memory left; it is tried again soon.</translation>
    </message>
    <message>
        <source>The database server takes no more connections.</source>
        <extracomment>Why a database on a server cannot be used. {help} is a sentence on what helps, or nothing.</extracomment>
        <translation>The database server takes no more connections.</translation>
    </message>
    <message>
        <source>The database server is shutting down; it is tried again soon.</source>
        <extracomment>Why a database on a server cannot be used. {help} is a sentence on what helps, or nothing.</extracomment>
        <translation>The database server is shutting down; it is tried again soon.</translation>
    </message>
    <message>
        <source>The database server is starting again; it is tried again soon.</source>
        <extracomment>Why a database on a server cannot be used. {help} is a sentence on what helps, or nothing.</extracomment>
        <translation>The database server is starting again; it is tried again soon.</translation>
    </message>
    <message>
        <source>The database server is starting; it is tried again soon.</source>
        <extracomment>Why a database on a server cannot be used. {help} is a sentence on what helps, or nothing.</extracomment>
        <translation>The database server is starting; it is tried again soon.</translation>
    </message>
    <message>
        <source>The database can only be read now; it may be a standby.</source>
        <extracomment>Why a database on a server cannot be used. {help} is a sentence on what helps, or nothing.</extracomment>
        <translation>The database can only be read now; it may be a standby.</translation>
    </message>
    <message>
        <source>The database user may not write to its tables; {command} says which right it lacks.</source>
        <extracomment>Why a database on a server cannot be used. {help} is a sentence on what helps, or nothing.</extracomment>
        <translation>The database user may not write to its tables; {command} says which right it lacks.</translation>
    </message>
    <message>
        <source>The database server refuses the connection: {said}. {help}</source>
        <extracomment>Why a database on a server cannot be used. {help} is a sentence on what helps, or nothing.</extracomment>
        <translation>The database server refuses the connection: {said}. {help}</translation>
    </message>
    <message>
        <source>No connection to a database server at {host}, port {port}: {why}. {help}</source>
        <extracomment>Why a database on a server cannot be used. {help} is a sentence on what helps, or nothing.</extracomment>
        <translation>No connection to a database server at {host}, port {port}: {why}. {help}</translation>
    </message>
    <message>
        <source>The database server asks for a password: give it in ~/.pgpass or PGPASSWORD.</source>
        <extracomment>Why a database on a server cannot be used. {help} is a sentence on what helps, or nothing.</extracomment>
        <translation>The database server asks for a password: give it in ~/.pgpass or PGPASSWORD.</translation>
    </message>
    <message>
        <source>The database cannot be opened: {why}. {help}</source>
        <extracomment>Why a database on a server cannot be used. {help} is a sentence on what helps, or nothing.</extracomment>
        <translation>The database cannot be opened: {why}. {help}</translation>
    </message>
    <message>
        <source>The server is PostgreSQL {found}; {needed} or newer is needed.</source>
        <extracomment>Why a database on a server cannot be used. {help} is a sentence on what helps, or nothing.</extracomment>
        <translation>The server is PostgreSQL {found}; {needed} or newer is needed.</translation>
    </message>
    <message>
        <source>The encoding of the database is {found}; {needed} is needed, which stores every text. Make another database: `createdb --encoding {needed} --template template0 NAME`.</source>
        <extracomment>Why a database on a server cannot be used. {help} is a sentence on what helps, or nothing.</extracomment>
        <translation>The encoding of the database is {found}; {needed} is needed, which stores every text. Make another database: `createdb --encoding {needed} --template template0 NAME`.</translation>
    </message>
    <message>
        <source>The database user {user} may not create the schema {schema}. Run {command} as a user who may, then grant this user the rights that docs/deployment.md lists.</source>
        <extracomment>Why a database on a server cannot be used. {help} is a sentence on what helps, or nothing.</extracomment>
        <translation>The database user {user} may not create the schema {schema}. Run {command} as a user who may, then grant this user the rights that docs/deployment.md lists.</translation>
    </message>
    <message>
        <source>The database user {user} may not create tables in the schema {schema}. Run {command} as its owner, {owner}, then grant this user the rights that docs/deployment.md lists.</source>
        <extracomment>Why a database on a server cannot be used. {help} is a sentence on what helps, or nothing.</extracomment>
        <translation>The database user {user} may not create tables in the schema {schema}. Run {command} as its owner, {owner}, then grant this user the rights that docs/deployment.md lists.</translation>
    </message>
    <message>
        <source>The database user {user} lacks rights on {what} in the schema {schema}. As {owner}, grant this user those that docs/deployment.md lists.</source>
        <extracomment>Why a database on a server cannot be used. {help} is a sentence on what helps, or nothing.</extracomment>
        <translation>The database user {user} lacks rights on {what} in the schema {schema}. As {owner}, grant this user those that docs/deployment.md lists.</translation>
    </message>
    <message>
        <source>The database user lacks a right: {why}. Run {command} as the owner of the tables, then grant this user the rights that docs/deployment.md lists.</source>
        <extracomment>Why a database on a server cannot be used. {help} is a sentence on what helps, or nothing.</extracomment>
        <translation>The database user lacks a right: {why}. Run {command} as the owner of the tables, then grant this user the rights that docs/deployment.md lists.</translation>
    </message>
    <message>
        <source>The tables in the schema {schema} are of version {found}; this program needs {needed}. A newer version made them: update this one.</source>
        <extracomment>Why a database on a server cannot be used. {help} is a sentence on what helps, or nothing.</extracomment>
        <translation>The tables in the schema {schema} are of version {found}; this program needs {needed}. A newer version made them: update this one.</translation>
    </message>
    <message>
        <source>The tables in the schema {schema} are of version {found}; this program needs {needed}. An older version made them: install that one, or use another database.</source>
        <extracomment>Why a database on a server cannot be used. {help} is a sentence on what helps, or nothing.</extracomment>
        <translation>The tables in the schema {schema} are of version {found}; this program needs {needed}. An older version made them: install that one, or use another database.</translation>
    </message>
    <message>
        <source>The tables in the schema {schema} are of version {found}; this program needs {needed}. Update the process that runs the tasks first: it brings them up to date when it starts.</source>
        <extracomment>Why a database on a server cannot be used. {help} is a sentence on what helps, or nothing.</extracomment>
        <translation>The tables in the schema {schema} are of version {found}; this program needs {needed}. Update the process that runs the tasks first: it brings them up to date when it starts.</translation>
    </message>
    <message>
        <source>The database server runs with {setting} = off, so a crash of its machine may lose or damage accepted tasks. Set {setting} = on in postgresql.conf and reload the server.</source>
        <extracomment>Why a database on a server cannot be used. {help} is a sentence on what helps, or nothing.</extracomment>
        <translation>The database server runs with {setting} = off, so a crash of its machine may lose or damage accepted tasks. Set {setting} = on in postgresql.conf and reload the server.</translation>
    </message>
    <message>
        <source>The address of a database must begin with postgresql://</source>
        <extracomment>Why a database on a server cannot be used. {help} is a sentence on what helps, or nothing.</extracomment>
        <translation>The address of a database must begin with postgresql://</translation>
    </message>
    <message>
        <source>The tasks in this database belong to an app: use another database.</source>
        <extracomment>Why a database on a server cannot be used. {help} is a sentence on what helps, or nothing.</extracomment>
        <translation>The tasks in this database belong to an app: use another database.</translation>
    </message>
    <message>
        <source>The tasks in this database belong to another program: use another database.</source>
        <extracomment>Why a database on a server cannot be used. {help} is a sentence on what helps, or nothing.</extracomment>
        <translation>The tasks in this database belong to another program: use another database.</translation>
    </message>
    <message>
        <source>psycopg is not installed; a database on a server needs the extra `server`: sendoff-tasks[server].</source>
        <extracomment>Why a database on a server cannot be used. {help} is a sentence on what helps, or nothing.</extracomment>
        <translation>psycopg is not installed; a database on a server needs the extra `server`: sendoff-tasks[server].</translation>
    </message>
    <message>
        <source>The database user {user} may not see whether the process that runs the tasks is frozen, and would not replace it. Use one database user for all of them, or, as a superuser: `GRANT pg_read_all_stats, pg_signal_backend TO {user};`.</source>
        <extracomment>Why a database on a server cannot be used. {help} is a sentence on what helps, or nothing.</extracomment>
        <translation>The database user {user} may not see whether the process that runs the tasks is frozen, and would not replace it. Use one database user for all of them, or, as a superuser: `GRANT pg_read_all_stats, pg_signal_backend TO {user};`.</translation>
    </message>
    <message>
        <source>Another process runs the tasks of the database; this one ends.</source>
        <extracomment>Why a database on a server cannot be used. {help} is a sentence on what helps, or nothing.</extracomment>
        <translation>Another process runs the tasks of the database; this one ends.</translation>
    </message>
</context>
<context>
    <name>database.frozen</name>
    <message>
        <source>Sendoff's packages have no driver for PostgreSQL. To use a database on a server, install Sendoff from its source, as docs/servers.md says.</source>
        <extracomment>A package is a .deb, an archive or an installer: pip cannot add to it.</extracomment>
        <translation>Sendoff's packages have no driver for PostgreSQL. To use a database on a server, install Sendoff from its source, as docs/servers.md says.</translation>
    </message>
</context>
<context>
    <name>database.lacking</name>
    <message>
        <source>This version of psycopg lacks what is needed of {module}; a database on a server needs the extra `server`: sendoff-tasks[server].</source>
        <extracomment>Why a database on a server cannot be used. {help} is a sentence on what helps, or nothing.</extracomment>
        <translation>This version of psycopg lacks what is needed of {module}; a database on a server needs the extra `server`: sendoff-tasks[server].</translation>
    </message>
</context>
<context>
    <name>database.unknown</name>
    <message>
        <source>The tasks of this database are run by another process. End it first.</source>
        <extracomment>Why a database on a server cannot be used. {help} is a sentence on what helps, or nothing.</extracomment>
        <translation>The tasks of this database are run by another process. End it first.</translation>
    </message>
</context>
<context>
    <name>database_help</name>
    <message>
        <source>Correct user or password: the one in the address comes first, then PGPASSWORD, then ~/.pgpass.</source>
        <extracomment>What helps if a database server cannot be used.</extracomment>
        <translation>Correct user or password: the one in the address comes first, then PGPASSWORD, then ~/.pgpass.</translation>
    </message>
    <message>
        <source>Start this as the system user of that name, or have pg_hba.conf ask for a password.</source>
        <extracomment>What helps if a database server cannot be used.</extracomment>
        <translation>Start this as the system user of that name, or have pg_hba.conf ask for a password.</translation>
    </message>
    <message>
        <source>The server's operator can allow this machine and user in pg_hba.conf.</source>
        <extracomment>What helps if a database server cannot be used.</extracomment>
        <translation>The server's operator can allow this machine and user in pg_hba.conf.</translation>
    </message>
    <message>
        <source>End programs that use it, or raise max_connections or the limit of this user.</source>
        <extracomment>What helps if a database server cannot be used.</extracomment>
        <translation>End programs that use it, or raise max_connections or the limit of this user.</translation>
    </message>
    <message>
        <source>Try again in a moment.</source>
        <extracomment>What helps if a database server cannot be used.</extracomment>
        <translation>Try again in a moment.</translation>
    </message>
    <message>
        <source>Turn on ssl at the server, or take sslmode out of the address.</source>
        <extracomment>What helps if a database server cannot be used.</extracomment>
        <translation>Turn on ssl at the server, or take sslmode out of the address.</translation>
    </message>
    <message>
        <source>Create it by createdb or createuser, or correct the address.</source>
        <extracomment>What helps if a database server cannot be used.</extracomment>
        <translation>Create it by createdb or createuser, or correct the address.</translation>
    </message>
    <message>
        <source>Correct the host in the address, or check the network of this machine.</source>
        <extracomment>What helps if a database server cannot be used.</extracomment>
        <translation>Correct the host in the address, or check the network of this machine.</translation>
    </message>
    <message>
        <source>Start the server there, or correct host and port in the address.</source>
        <extracomment>What helps if a database server cannot be used.</extracomment>
        <translation>Start the server there, or correct host and port in the address.</translation>
    </message>
    <message>
        <source>Start the server on this machine, or name its host in the address.</source>
        <extracomment>What helps if a database server cannot be used.</extracomment>
        <translation>Start the server on this machine, or name its host in the address.</translation>
    </message>
    <message>
        <source>Check host and port in the address, and the network between.</source>
        <extracomment>What helps if a database server cannot be used.</extracomment>
        <translation>Check host and port in the address, and the network between.</translation>
    </message>
    <message>
        <source>Correct the address.</source>
        <extracomment>What helps if a database server cannot be used.</extracomment>
        <translation>Correct the address.</translation>
    </message>
</context>
<context>
    <name>deed</name>
    <message>
        <source>A person cancelled it.</source>
        <extracomment>What a person did with a task, in its log.</extracomment>
        <translation>A person cancelled it.</translation>
    </message>
    <message>
        <source>A person asked for another try.</source>
        <extracomment>What a person did with a task, in its log.</extracomment>
        <translation>A person asked for another try.</translation>
    </message>
    <message>
        <source>A person said that it was done.</source>
        <extracomment>What a person did with a task, in its log.</extracomment>
        <translation>A person said that it was done.</translation>
    </message>
    <message>
        <source>A person said to do it again.</source>
        <extracomment>What a person did with a task, in its log.</extracomment>
        <translation>A person said to do it again.</translation>
    </message>
    <message>
        <source>A person marked it as seen.</source>
        <extracomment>What a person did with a task, in its log.</extracomment>
        <translation>A person marked it as seen.</translation>
    </message>
    <message>
        <source>A person marked it as not seen.</source>
        <extracomment>What a person did with a task, in its log.</extracomment>
        <translation>A person marked it as not seen.</translation>
    </message>
</context>
<context>
    <name>desk</name>
    <message>
        <source>no. {number}</source>
        <extracomment>The number of an item, after a person's name.</extracomment>
        <translation>no. {number}</translation>
    </message>
    <message>
        <source>Choose a task to see what happened to it.</source>
        <extracomment>What the desk says of the task or the letter that it shows.</extracomment>
        <translation>Choose a task to see what happened to it.</translation>
    </message>
    <message>
        <source>This task no longer exists: it was undone or removed, or has expired.</source>
        <extracomment>What the desk says of the task or the letter that it shows.</extracomment>
        <translation>This task no longer exists: it was undone or removed, or has expired.</translation>
    </message>
    <message>
        <source>Replaced: nothing more is sent by this task.</source>
        <extracomment>What the desk says of the task or the letter that it shows.</extracomment>
        <translation>Replaced: nothing more is sent by this task.</translation>
    </message>
    <message>
        <source>Show what “Send again” sends</source>
        <extracomment>What the desk says of the task or the letter that it shows.</extracomment>
        <translation>Show what “Send again” sends</translation>
    </message>
    <message>
        <source>Show the earlier text</source>
        <extracomment>What the desk says of the task or the letter that it shows.</extracomment>
        <translation>Show the earlier text</translation>
    </message>
    <message>
        <source>Show it as plain text</source>
        <extracomment>What the desk says of the task or the letter that it shows.</extracomment>
        <translation>Show it as plain text</translation>
    </message>
    <message>
        <source>Show it formatted</source>
        <extracomment>What the desk says of the task or the letter that it shows.</extracomment>
        <translation>Show it formatted</translation>
    </message>
    <message>
        <source>Open in the e-mail program</source>
        <extracomment>What the desk says of the task or the letter that it shows.</extracomment>
        <translation>Open in the e-mail program</translation>
    </message>
    <message>
        <source>There is no result.</source>
        <extracomment>What the desk says of the task or the letter that it shows.</extracomment>
        <translation>There is no result.</translation>
    </message>
    <message>
        <source>It returned nothing.</source>
        <extracomment>What the desk says of the task or the letter that it shows.</extracomment>
        <translation>It returned nothing.</translation>
    </message>
    <message>
        <source>It has not been tried yet.</source>
        <extracomment>What the desk says of the task or the letter that it shows.</extracomment>
        <translation>It has not been tried yet.</translation>
    </message>
    <message>
        <source>Each button acts on every selected task it applies to, loaded or not. Tasks that are added or end from now on are not selected.</source>
        <extracomment>What the desk says of the task or the letter that it shows.</extracomment>
        <translation>Each button acts on every selected task it applies to, loaded or not. Tasks that are added or end from now on are not selected.</translation>
    </message>
    <message numerus="yes">
        <source>%Ln of them are not loaded yet; the buttons act on the others.</source>
        <extracomment>What the desk says of the task or the letter that it shows.</extracomment>
        <translation>
            <numerusform>%Ln of them is not loaded yet; the buttons act on the others.</numerusform>
            <numerusform>%Ln of them are not loaded yet; the buttons act on the others.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>do_not_send</name>
    <message>
        <source>On the list “Do not send” since {day}: {why}.</source>
        <extracomment>About an address that is on the list “Do not send”.</extracomment>
        <translation>On the list “Do not send” since {day}: {why}.</translation>
    </message>
    <message numerus="yes">
        <source>The address was left out %Ln times since.</source>
        <extracomment>About an address that is on the list “Do not send”.</extracomment>
        <translation>
            <numerusform>The address was left out once since.</numerusform>
            <numerusform>The address was left out %Ln times since.</numerusform>
        </translation>
    </message>
    <message>
        <source>{address} is not on the list “Do not send”.</source>
        <extracomment>About an address that is on the list “Do not send”.</extracomment>
        <translation>{address} is not on the list “Do not send”.</translation>
    </message>
    <message>
        <source>{address} is on the list as {domain}: remove {domain}.</source>
        <extracomment>The list has the domain, or the address without something typed behind it.</extracomment>
        <translation>{address} is on the list as {domain}: remove {domain}.</translation>
    </message>
    <message>
        <source>Not sent: {address} is on the list “Do not send”.</source>
        <extracomment>About an address that is on the list “Do not send”.</extracomment>
        <translation>Not sent: {address} is on the list “Do not send”.</translation>
    </message>
    <message>
        <source>{file} has no e-mail address.</source>
        <extracomment>About an address that is on the list “Do not send”.</extracomment>
        <translation>{file} has no e-mail address.</translation>
    </message>
    <message>
        <source>It can be read in several ways. Save the file as UTF-8 and add it again.</source>
        <extracomment>An address with letters beyond ASCII in a file that does not say its encoding.</extracomment>
        <translation>It can be read in several ways. Save the file as UTF-8 and add it again.</translation>
    </message>
    <message>
        <source>No copy to {address}: it is on the list “Do not send”.</source>
        <extracomment>About an address that is on the list “Do not send”.</extracomment>
        <translation>No copy to {address}: it is on the list “Do not send”.</translation>
    </message>
    <message>
        <source>An address that gets a copy was put on the list “Do not send” meanwhile.</source>
        <extracomment>About an address that is on the list “Do not send”.</extracomment>
        <translation>An address that gets a copy was put on the list “Do not send” meanwhile.</translation>
    </message>
</context>
<context>
    <name>doctor</name>
    <message>
        <source>SQLite {found} is too old: use a Python with {needed} or up.</source>
        <extracomment>One line of the command doctor: what it found. {advice} is a sentence of [doctor_advice].</extracomment>
        <translation>SQLite {found} is too old: use a Python with {needed} or up.</translation>
    </message>
    <message>
        <source>Data folder {folder}: it is made at the first start</source>
        <extracomment>One line of the command doctor: what it found. {advice} is a sentence of [doctor_advice].</extracomment>
        <translation>Data folder {folder}: it is made at the first start</translation>
    </message>
    <message>
        <source>{size} MiB are free on the disk of {folder}</source>
        <extracomment>One line of the command doctor: what it found. {advice} is a sentence of [doctor_advice].</extracomment>
        <translation>{size} MiB are free on the disk of {folder}</translation>
    </message>
    <message>
        <source>{found}: free some space, or nothing new can be kept soon.</source>
        <extracomment>One line of the command doctor: what it found. {advice} is a sentence of [doctor_advice].</extracomment>
        <translation>{found}: free some space, or nothing new can be kept soon.</translation>
    </message>
    <message>
        <source>Data folder {folder} cannot be opened: give your user the right to, make its disk writable, or name another folder with --data-dir.</source>
        <extracomment>One line of the command doctor: what it found. {advice} is a sentence of [doctor_advice].</extracomment>
        <translation>Data folder {folder} cannot be opened: give your user the right to, make its disk writable, or name another folder with --data-dir.</translation>
    </message>
    <message>
        <source>Data folder {folder} cannot be written: give your user the right to, make its disk writable, or name another folder with --data-dir.</source>
        <extracomment>One line of the command doctor: what it found. {advice} is a sentence of [doctor_advice].</extracomment>
        <translation>Data folder {folder} cannot be written: give your user the right to, make its disk writable, or name another folder with --data-dir.</translation>
    </message>
    <message>
        <source>Data folder {folder} belongs to user {user}: run `sudo -u '#{user}' {program} doctor`.</source>
        <extracomment>One line of the command doctor: what it found. {advice} is a sentence of [doctor_advice].</extracomment>
        <translation>Data folder {folder} belongs to user {user}: run `sudo -u '#{user}' {program} doctor`.</translation>
    </message>
    <message>
        <source>Others can change {folder}: run `chmod go-rwx {quoted}`.</source>
        <extracomment>One line of the command doctor: what it found. {advice} is a sentence of [doctor_advice].</extracomment>
        <translation>Others can change {folder}: run `chmod go-rwx {quoted}`.</translation>
    </message>
    <message>
        <source>Others can read {folder}: run `chmod go-rwx {quoted}`.</source>
        <extracomment>One line of the command doctor: what it found. {advice} is a sentence of [doctor_advice].</extracomment>
        <translation>Others can read {folder}: run `chmod go-rwx {quoted}`.</translation>
    </message>
    <message>
        <source>Data folder {folder}: only you can read it</source>
        <extracomment>One line of the command doctor: what it found. {advice} is a sentence of [doctor_advice].</extracomment>
        <translation>Data folder {folder}: only you can read it</translation>
    </message>
    <message>
        <source>No file in {folder} is used: {why}.</source>
        <extracomment>One line of the command doctor: what it found. {advice} is a sentence of [doctor_advice].</extracomment>
        <translation>No file in {folder} is used: {why}.</translation>
    </message>
    <message>
        <source>Store {file}: it is made at the first start</source>
        <extracomment>One line of the command doctor: what it found. {advice} is a sentence of [doctor_advice].</extracomment>
        <translation>Store {file}: it is made at the first start</translation>
    </message>
    <message>
        <source>Store {file} is not a file: move it away, then run {command} again.</source>
        <extracomment>One line of the command doctor: what it found. {advice} is a sentence of [doctor_advice].</extracomment>
        <translation>Store {file} is not a file: move it away, then run {command} again.</translation>
    </message>
    <message>
        <source>Store {barrier}</source>
        <extracomment>One line of the command doctor: what it found. {advice} is a sentence of [doctor_advice].</extracomment>
        <translation>Store {barrier}</translation>
    </message>
    <message>
        <source>{file} cannot be opened ({why}), so it cannot be checked: {advice}</source>
        <extracomment>One line of the command doctor: what it found. {advice} is a sentence of [doctor_advice].</extracomment>
        <translation>{file} cannot be opened ({why}), so it cannot be checked: {advice}</translation>
    </message>
    <message>
        <source>Store {file} is damaged ({why}): {advice}</source>
        <extracomment>One line of the command doctor: what it found. {advice} is a sentence of [doctor_advice].</extracomment>
        <translation>Store {file} is damaged ({why}): {advice}</translation>
    </message>
    <message>
        <source>Store {file} is sound, but cannot be written ({why}): {advice}</source>
        <extracomment>One line of the command doctor: what it found. {advice} is a sentence of [doctor_advice].</extracomment>
        <translation>Store {file} is sound, but cannot be written ({why}): {advice}</translation>
    </message>
    <message>
        <source>Store {file} is gone: {advice}</source>
        <extracomment>One line of the command doctor: what it found. {advice} is a sentence of [doctor_advice].</extracomment>
        <translation>Store {file} is gone: {advice}</translation>
    </message>
    <message>
        <source>Store {file}: sound, version {version}, {tasks}, {size} MiB; no backend runs</source>
        <extracomment>One line of the command doctor: what it found. {advice} is a sentence of [doctor_advice].</extracomment>
        <translation>Store {file}: sound, version {version}, {tasks}, {size} MiB; no backend runs</translation>
    </message>
    <message>
        <source>Store {file}: sound, version {version}, {tasks}, {size} MiB; a backend is at work on it</source>
        <extracomment>One line of the command doctor: what it found. {advice} is a sentence of [doctor_advice].</extracomment>
        <translation>Store {file}: sound, version {version}, {tasks}, {size} MiB; a backend is at work on it</translation>
    </message>
    <message>
        <source>Store: of an older version; the next start updates it, after a backup</source>
        <extracomment>One line of the command doctor: what it found. {advice} is a sentence of [doctor_advice].</extracomment>
        <translation>Store: of an older version; the next start updates it, after a backup</translation>
    </message>
    <message>
        <source>Store: of an older version; the next process that runs its tasks updates it</source>
        <extracomment>One line of the command doctor: what it found. {advice} is a sentence of [doctor_advice].</extracomment>
        <translation>Store: of an older version; the next process that runs its tasks updates it</translation>
    </message>
    <message>
        <source>Store: {why}</source>
        <extracomment>One line of the command doctor: what it found. {advice} is a sentence of [doctor_advice].</extracomment>
        <translation>Store: {why}</translation>
    </message>
    <message>
        <source>Store: the database has no tables yet; they are made at the first start</source>
        <extracomment>One line of the command doctor: what it found. {advice} is a sentence of [doctor_advice].</extracomment>
        <translation>Store: the database has no tables yet; they are made at the first start</translation>
    </message>
    <message>
        <source>Store: PostgreSQL {server}, tables of version {version}, {tasks}, {size} MiB; {holder} runs its tasks, {workers}</source>
        <extracomment>One line of the command doctor: what it found. {advice} is a sentence of [doctor_advice].</extracomment>
        <translation>Store: PostgreSQL {server}, tables of version {version}, {tasks}, {size} MiB; {holder} runs its tasks, {workers}</translation>
    </message>
    <message>
        <source>Store: PostgreSQL {server}, tables of version {version}, {tasks}, {size} MiB; no process runs its tasks, {workers}</source>
        <extracomment>One line of the command doctor: what it found. {advice} is a sentence of [doctor_advice].</extracomment>
        <translation>Store: PostgreSQL {server}, tables of version {version}, {tasks}, {size} MiB; no process runs its tasks, {workers}</translation>
    </message>
    <message numerus="yes">
        <source>%Ln workers</source>
        <extracomment>One line of the command doctor: what it found. {advice} is a sentence of [doctor_advice].</extracomment>
        <translation>
            <numerusform>%Ln worker</numerusform>
            <numerusform>%Ln workers</numerusform>
        </translation>
    </message>
    <message>
        <source>Backups: none yet; the first is made while the program has nothing to do</source>
        <extracomment>One line of the command doctor: what it found. {advice} is a sentence of [doctor_advice].</extracomment>
        <translation>Backups: none yet; the first is made while the program has nothing to do</translation>
    </message>
    <message>
        <source>Backups: the newest is of {backup}, {size} MiB</source>
        <extracomment>One line of the command doctor: what it found. {advice} is a sentence of [doctor_advice].</extracomment>
        <translation>Backups: the newest is of {backup}, {size} MiB</translation>
    </message>
    <message>
        <source>{found}: see whether there is room in {folder}, and what the log says.</source>
        <extracomment>One line of the command doctor: what it found. {advice} is a sentence of [doctor_advice].</extracomment>
        <translation>{found}: see whether there is room in {folder}, and what the log says.</translation>
    </message>
    <message>
        <source>{paused}: {command} resumes it.</source>
        <extracomment>One line of the command doctor: what it found. {advice} is a sentence of [doctor_advice].</extracomment>
        <translation>{paused}: {command} resumes it.</translation>
    </message>
    <message>
        <source>{paused}. {why} ({command})</source>
        <extracomment>One line of the command doctor: what it found. {advice} is a sentence of [doctor_advice].</extracomment>
        <translation>{paused}. {why} ({command})</translation>
    </message>
    <message>
        <source>{name} has waited for its server since {at}, and continues by itself: {why}</source>
        <extracomment>One line of the command doctor: what it found. {advice} is a sentence of [doctor_advice].</extracomment>
        <translation>{name} has waited for its server since {at}, and continues by itself: {why}</translation>
    </message>
    <message>
        <source>The queue {name} is on hold: {why}</source>
        <extracomment>One line of the command doctor: what it found. {advice} is a sentence of [doctor_advice].</extracomment>
        <translation>The queue {name} is on hold: {why}</translation>
    </message>
    <message>
        <source>Task {task_id} is on hold: {why}</source>
        <extracomment>One line of the command doctor: what it found. {advice} is a sentence of [doctor_advice].</extracomment>
        <translation>Task {task_id} is on hold: {why}</translation>
    </message>
    <message>
        <source>Task {task_id} and {more} more are on hold: {why}</source>
        <extracomment>One line of the command doctor: what it found. {advice} is a sentence of [doctor_advice].</extracomment>
        <translation>Task {task_id} and {more} more are on hold: {why}</translation>
    </message>
    <message numerus="yes">
        <source>%Ln uncertain: see {command}.</source>
        <extracomment>One line of the command doctor: what it found. {advice} is a sentence of [doctor_advice].</extracomment>
        <translation>
            <numerusform>%Ln uncertain: see {command}.</numerusform>
            <numerusform>%Ln uncertain: see {command}.</numerusform>
        </translation>
    </message>
    <message>
        <source>Store: in a database on a server, which checks and copies it itself; --database URL looks at it</source>
        <extracomment>One line of the command doctor: what it found. {advice} is a sentence of [doctor_advice].</extracomment>
        <translation>Store: in a database on a server, which checks and copies it itself; --database URL looks at it</translation>
    </message>
    <message>
        <source>Store: in a database on a server, which checks and copies it itself. Nothing was restored.</source>
        <extracomment>One line of the command doctor: what it found. {advice} is a sentence of [doctor_advice].</extracomment>
        <translation>Store: in a database on a server, which checks and copies it itself. Nothing was restored.</translation>
    </message>
    <message>
        <source>{file} is sound, so nothing was restored.</source>
        <extracomment>One line of the command doctor: what it found. {advice} is a sentence of [doctor_advice].</extracomment>
        <translation>{file} is sound, so nothing was restored.</translation>
    </message>
    <message>
        <source>Nothing was restored.</source>
        <extracomment>One line of the command doctor: what it found. {advice} is a sentence of [doctor_advice].</extracomment>
        <translation>Nothing was restored.</translation>
    </message>
</context>
<context>
    <name>doctor_advice</name>
    <message>
        <source>give your user the right to read and write it and its folder.</source>
        <extracomment>What to do about a store that cannot be used, after a colon.</extracomment>
        <translation>give your user the right to read and write it and its folder.</translation>
    </message>
    <message>
        <source>make its disk writable, or name another folder with --data-dir.</source>
        <extracomment>What to do about a store that cannot be used, after a colon.</extracomment>
        <translation>make its disk writable, or name another folder with --data-dir.</translation>
    </message>
    <message>
        <source>check its disk.</source>
        <extracomment>What to do about a store that cannot be used, after a colon.</extracomment>
        <translation>check its disk.</translation>
    </message>
    <message>
        <source>check its disk, and what else uses it.</source>
        <extracomment>What to do about a store that cannot be used, after a colon.</extracomment>
        <translation>check its disk, and what else uses it.</translation>
    </message>
    <message>
        <source>end the program that is at work on it, and run {command} again.</source>
        <extracomment>What to do about a store that cannot be used, after a colon.</extracomment>
        <translation>end the program that is at work on it, and run {command} again.</translation>
    </message>
    <message>
        <source>there is no backup; move {files} away to begin with an empty list.</source>
        <extracomment>What to do about a store that cannot be used, after a colon.</extracomment>
        <translation>there is no backup; move {files} away to begin with an empty list.</translation>
    </message>
    <message>
        <source>end the program and run {restore}, which puts its backup of {backup} in its place; what came after that is lost.</source>
        <extracomment>What to do about a store that cannot be used, after a colon.</extracomment>
        <translation>end the program and run {restore}, which puts its backup of {backup} in its place; what came after that is lost.</translation>
    </message>
</context>
<context>
    <name>draft</name>
    <message numerus="yes">
        <source>%Ln rows are being checked.</source>
        <extracomment>What happens once a draft is sent, or what to do before; below its rows or in its card.</extracomment>
        <translation>
            <numerusform>%Ln row is being checked.</numerusform>
            <numerusform>%Ln rows are being checked.</numerusform>
        </translation>
    </message>
    <message>
        <source>The spreadsheet has no rows.</source>
        <extracomment>What happens once a draft is sent, or what to do before; below its rows or in its card.</extracomment>
        <translation>The spreadsheet has no rows.</translation>
    </message>
    <message>
        <source>No column is the e-mail address. Choose one, or another sheet. An address behind a link is not read.</source>
        <extracomment>What happens once a draft is sent, or what to do before; below its rows or in its card.</extracomment>
        <translation>No column is the e-mail address. Choose one, or another sheet. An address behind a link is not read.</translation>
    </message>
    <message>
        <source>No column is the item number, which tells who is the same person. Choose one.</source>
        <extracomment>What happens once a draft is sent, or what to do before; below its rows or in its card.</extracomment>
        <translation>No column is the item number, which tells who is the same person. Choose one.</translation>
    </message>
    <message>
        <source>Nothing to send.</source>
        <extracomment>What happens once a draft is sent, or what to do before; below its rows or in its card.</extracomment>
        <translation>Nothing to send.</translation>
    </message>
    <message numerus="yes">
        <source>Only {rows} of %Ln rows were read.</source>
        <extracomment>What happens once a draft is sent, or what to do before; below its rows or in its card.</extracomment>
        <translation>
            <numerusform>{rows} of %Ln row was read.</numerusform>
            <numerusform>Only {rows} of %Ln rows were read.</numerusform>
        </translation>
    </message>
    <message>
        <source>Open the draft to read the other rows.</source>
        <extracomment>What happens once a draft is sent, or what to do before; below its rows or in its card.</extracomment>
        <translation>Open the draft to read the other rows.</translation>
    </message>
    <message>
        <source>Nothing is sent yet.</source>
        <extracomment>What happens once a draft is sent, or what to do before; below its rows or in its card.</extracomment>
        <translation>Nothing is sent yet.</translation>
    </message>
    <message numerus="yes">
        <source>%Ln values were corrected.</source>
        <extracomment>What happens once a draft is sent, or what to do before; below its rows or in its card.</extracomment>
        <translation>
            <numerusform>%Ln value was corrected.</numerusform>
            <numerusform>%Ln values were corrected.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln corrections are not used: the spreadsheet is read differently now.</source>
        <extracomment>What happens once a draft is sent, or what to do before; below its rows or in its card.</extracomment>
        <translation>
            <numerusform>%Ln correction is not used: the spreadsheet is read differently now.</numerusform>
            <numerusform>%Ln corrections are not used: the spreadsheet is read differently now.</numerusform>
        </translation>
    </message>
    <message>
        <source>The template asks for “{fields}”: choose that for a column, or edit the template.</source>
        <extracomment>Names of fields that no column fills.</extracomment>
        <translation>The template asks for “{fields}”: choose that for a column, or edit the template.</translation>
    </message>
    <message numerus="yes">
        <source>%Ln rows need a look and are not sent.</source>
        <extracomment>What happens once a draft is sent, or what to do before; below its rows or in its card.</extracomment>
        <translation>
            <numerusform>%Ln row needs a look and is not sent.</numerusform>
            <numerusform>%Ln rows need a look and are not sent.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln rows are on the list “Do not send” and are left out.</source>
        <extracomment>What happens once a draft is sent, or what to do before; below its rows or in its card.</extracomment>
        <translation>
            <numerusform>%Ln row is on the list “Do not send” and is left out.</numerusform>
            <numerusform>%Ln rows are on the list “Do not send” and are left out.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln rows are skipped.</source>
        <extracomment>What happens once a draft is sent, or what to do before; below its rows or in its card.</extracomment>
        <translation>
            <numerusform>%Ln row is skipped.</numerusform>
            <numerusform>%Ln rows are skipped.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln rows are the same as before in every value and are left out.</source>
        <extracomment>What happens once a draft is sent, or what to do before; below its rows or in its card.</extracomment>
        <translation>
            <numerusform>%Ln row is the same as before in every value and is left out.</numerusform>
            <numerusform>%Ln rows are the same as before in every value and are left out.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln rows have changed since they were registered and are left out.</source>
        <extracomment>What happens once a draft is sent, or what to do before; below its rows or in its card.</extracomment>
        <translation>
            <numerusform>%Ln row has changed since it was registered and is left out.</numerusform>
            <numerusform>%Ln rows have changed since they were registered and are left out.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln rows repeat another one and are not sent.</source>
        <extracomment>What happens once a draft is sent, or what to do before; below its rows or in its card.</extracomment>
        <translation>
            <numerusform>%Ln row repeats another one and is not sent.</numerusform>
            <numerusform>%Ln rows repeat another one and are not sent.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln rows have a value that looks wrong, and are sent as they are.</source>
        <extracomment>What happens once a draft is sent, or what to do before; below its rows or in its card.</extracomment>
        <translation>
            <numerusform>%Ln row has a value that looks wrong, and is sent as it is.</numerusform>
            <numerusform>%Ln rows have a value that looks wrong, and are sent as they are.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln rows say that their people want no e-mail ({texts}), and are left out.</source>
        <extracomment>{texts}: cells of the spreadsheet, such as “Status: unsubscribed”.</extracomment>
        <translation>
            <numerusform>%Ln row says that its person wants no e-mail ({texts}), and is left out.</numerusform>
            <numerusform>%Ln rows say that their people want no e-mail ({texts}), and are left out.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln e-mails have copies: {who}.</source>
        <extracomment>Copies by Cc or Bcc. {who}: “treasurer@example.org gets 1,153, board@example.org gets 2”.</extracomment>
        <translation>
            <numerusform>%Ln e-mail has copies: {who}.</numerusform>
            <numerusform>%Ln e-mails have copies: {who}.</numerusform>
        </translation>
    </message>
    <message>
        <source>{address} gets {count}</source>
        <extracomment>Copies of e-mails.</extracomment>
        <translation>{address} gets {count}</translation>
    </message>
    <message numerus="yes">
        <source>%Ln addresses get more than one e-mail.</source>
        <extracomment>What happens once a draft is sent, or what to do before; below its rows or in its card.</extracomment>
        <translation>
            <numerusform>%Ln address gets more than one e-mail.</numerusform>
            <numerusform>%Ln addresses get more than one e-mail.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln more addresses</source>
        <extracomment>At the end of a list of addresses with their copies.</extracomment>
        <translation>
            <numerusform>%Ln more address</numerusform>
            <numerusform>%Ln more addresses</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln e-mails of batch {batches} that are not sent yet are replaced.</source>
        <extracomment>What happens once a draft is sent, or what to do before; below its rows or in its card.</extracomment>
        <translation>
            <numerusform>%Ln e-mail of batch {batches} that is not sent yet is replaced.</numerusform>
            <numerusform>%Ln e-mails of batch {batches} that are not sent yet are replaced.</numerusform>
        </translation>
    </message>
    <message>
        <source>The e-mails will wait.</source>
        <extracomment>What they wait for stands before this.</extracomment>
        <translation>The e-mails will wait.</translation>
    </message>
</context>
<context>
    <name>draft.again</name>
    <message numerus="yes">
        <source>%Ln rows are on the list “Do not send” and are sent.</source>
        <extracomment>What happens once a draft is sent, or what to do before; below its rows or in its card.</extracomment>
        <translation>
            <numerusform>%Ln row is on the list “Do not send” and is sent.</numerusform>
            <numerusform>%Ln rows are on the list “Do not send” and are sent.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln rows are the same as before and are sent again.</source>
        <extracomment>What happens once a draft is sent, or what to do before; below its rows or in its card.</extracomment>
        <translation>
            <numerusform>%Ln row is the same as before and is sent again.</numerusform>
            <numerusform>%Ln rows are the same as before and are sent again.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln rows have changed since they were registered and are sent again as they are now.</source>
        <extracomment>What happens once a draft is sent, or what to do before; below its rows or in its card.</extracomment>
        <translation>
            <numerusform>%Ln row has changed since it was registered and is sent again as it is now.</numerusform>
            <numerusform>%Ln rows have changed since they were registered and are sent again as they are now.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln rows say that their people want no e-mail ({texts}), and are sent all the same.</source>
        <extracomment>What happens once a draft is sent, or what to do before; below its rows or in its card.</extracomment>
        <translation>
            <numerusform>%Ln row says that its person wants no e-mail ({texts}), and is sent all the same.</numerusform>
            <numerusform>%Ln rows say that their people want no e-mail ({texts}), and are sent all the same.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>draft.asked</name>
    <message numerus="yes">
        <source>%Ln rows say that their people want no e-mail ({texts}): nothing is sent until you decide.</source>
        <extracomment>What happens once a draft is sent, or what to do before; below its rows or in its card.</extracomment>
        <translation>
            <numerusform>%Ln row says that its person wants no e-mail ({texts}): nothing is sent until you decide.</numerusform>
            <numerusform>%Ln rows say that their people want no e-mail ({texts}): nothing is sent until you decide.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>draft.on_hold</name>
    <message>
        <source>The e-mails will wait until the problem is fixed.</source>
        <extracomment>What happens once a draft is sent, or what to do before; below its rows or in its card.</extracomment>
        <translation>The e-mails will wait until the problem is fixed.</translation>
    </message>
</context>
<context>
    <name>draft.paused</name>
    <message>
        <source>The e-mails will wait until you resume.</source>
        <extracomment>What happens once a draft is sent, or what to do before; below its rows or in its card.</extracomment>
        <translation>The e-mails will wait until you resume.</translation>
    </message>
</context>
<context>
    <name>draft.planned</name>
    <message numerus="yes">
        <source>%Ln e-mails planned for {when} are replaced.</source>
        <extracomment>What happens once a draft is sent, or what to do before; below its rows or in its card.</extracomment>
        <translation>
            <numerusform>%Ln e-mail planned for {when} is replaced.</numerusform>
            <numerusform>%Ln e-mails planned for {when} are replaced.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>draft_is</name>
    <message>
        <source>“{name}” is sent once Sendoff answers</source>
        <extracomment>What becomes of a draft whose sheet was closed, or whose spreadsheet is imported again.</extracomment>
        <translation>“{name}” is sent once Sendoff answers</translation>
    </message>
    <message>
        <source>“{name}” is kept as a draft</source>
        <extracomment>What becomes of a draft whose sheet was closed, or whose spreadsheet is imported again.</extracomment>
        <translation>“{name}” is kept as a draft</translation>
    </message>
    <message>
        <source>“{name}” was imported before. This is its draft</source>
        <extracomment>What becomes of a draft whose sheet was closed, or whose spreadsheet is imported again.</extracomment>
        <translation>“{name}” was imported before. This is its draft</translation>
    </message>
</context>
<context>
    <name>draft_key</name>
    <message>
        <source>The number is the same. To send to each person, choose “address, title and name”.</source>
        <extracomment>By what rows of a draft are found to be the same, and how to send each.</extracomment>
        <translation>The number is the same. To send to each person, choose “address, title and name”.</translation>
    </message>
    <message>
        <source>The address and the title are the same.</source>
        <extracomment>By what rows of a draft are found to be the same, and how to send each.</extracomment>
        <translation>The address and the title are the same.</translation>
    </message>
    <message>
        <source>The address, the title and the name are the same.</source>
        <extracomment>By what rows of a draft are found to be the same, and how to send each.</extracomment>
        <translation>The address, the title and the name are the same.</translation>
    </message>
    <message>
        <source>Several rows for one person? Under “Columns”, let the one that tells them apart, such as the order number, become the number or the title.</source>
        <extracomment>By what rows of a draft are found to be the same, and how to send each.</extracomment>
        <translation>Several rows for one person? Under “Columns”, let the one that tells them apart, such as the order number, become the number or the title.</translation>
    </message>
</context>
<context>
    <name>drop</name>
    <message numerus="yes">
        <source>What are these %Ln files for?</source>
        <extracomment>Asked of files that are dropped on the window and can mean several things.</extracomment>
        <translation>
            <numerusform>What is “{name}” for?</numerusform>
            <numerusform>What are these %Ln files for?</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>effect</name>
    <message>
        <source>the task ends here and does not run again.</source>
        <extracomment>What a button does, after its name or as a tooltip.</extracomment>
        <translation>the task ends here and does not run again.</translation>
    </message>
    <message>
        <source>everything is done once more, from the beginning.</source>
        <extracomment>What a button does, after its name or as a tooltip.</extracomment>
        <translation>everything is done once more, from the beginning.</translation>
    </message>
    <message>
        <source>running tasks are asked to stop, and may finish first.</source>
        <extracomment>What a button does, after its name or as a tooltip.</extracomment>
        <translation>running tasks are asked to stop, and may finish first.</translation>
    </message>
    <message>
        <source>it was already asked to stop, and may finish first.</source>
        <extracomment>What a button does, after its name or as a tooltip.</extracomment>
        <translation>it was already asked to stop, and may finish first.</translation>
    </message>
    <message>
        <source>it stays as it is and needs no more attention, for everybody who uses these data; nothing is sent.</source>
        <extracomment>What a button does, after its name or as a tooltip.</extracomment>
        <translation>it stays as it is and needs no more attention, for everybody who uses these data; nothing is sent.</translation>
    </message>
    <message>
        <source>neither the sending hours nor the limit of the batch stop the e-mail, but the limit counts it.</source>
        <extracomment>What a button does, after its name or as a tooltip.</extracomment>
        <translation>neither the sending hours nor the limit of the batch stop the e-mail, but the limit counts it.</translation>
    </message>
    <message>
        <source>each person gets a new e-mail, at the current address or at the one chosen for it.</source>
        <extracomment>What a button does, after its name or as a tooltip.</extracomment>
        <translation>each person gets a new e-mail, at the current address or at the one chosen for it.</translation>
    </message>
</context>
<context>
    <name>effect.queue_mail</name>
    <message>
        <source>running tasks are asked to stop; an e-mail that was handed over stays sent.</source>
        <extracomment>What a button does, after its name or as a tooltip.</extracomment>
        <translation>running tasks are asked to stop; an e-mail that was handed over stays sent.</translation>
    </message>
    <message>
        <source>the task ends here, and nothing else is sent.</source>
        <extracomment>What a button does, after its name or as a tooltip.</extracomment>
        <translation>the task ends here, and nothing else is sent.</translation>
    </message>
    <message>
        <source>if the first e-mail arrived, the person gets two. If the address was corrected, the e-mail goes to the new one.</source>
        <extracomment>What a button does, after its name or as a tooltip.</extracomment>
        <translation>if the first e-mail arrived, the person gets two. If the address was corrected, the e-mail goes to the new one.</translation>
    </message>
</context>
<context>
    <name>encoding</name>
    <message>
        <source>Unicode (UTF-8)</source>
        <extracomment>The encoding of a text file.</extracomment>
        <translation>Unicode (UTF-8)</translation>
    </message>
    <message>
        <source>Western Europe (Windows-1252)</source>
        <extracomment>The encoding of a text file.</extracomment>
        <translation>Western Europe (Windows-1252)</translation>
    </message>
    <message>
        <source>Central Europe (Windows-1250)</source>
        <extracomment>The encoding of a text file.</extracomment>
        <translation>Central Europe (Windows-1250)</translation>
    </message>
    <message>
        <source>Cyrillic (Windows-1251)</source>
        <extracomment>The encoding of a text file.</extracomment>
        <translation>Cyrillic (Windows-1251)</translation>
    </message>
    <message>
        <source>Greek (Windows-1253)</source>
        <extracomment>The encoding of a text file.</extracomment>
        <translation>Greek (Windows-1253)</translation>
    </message>
    <message>
        <source>Turkish (Windows-1254)</source>
        <extracomment>The encoding of a text file.</extracomment>
        <translation>Turkish (Windows-1254)</translation>
    </message>
    <message>
        <source>Hebrew (Windows-1255)</source>
        <extracomment>The encoding of a text file.</extracomment>
        <translation>Hebrew (Windows-1255)</translation>
    </message>
    <message>
        <source>Arabic (Windows-1256)</source>
        <extracomment>The encoding of a text file.</extracomment>
        <translation>Arabic (Windows-1256)</translation>
    </message>
    <message>
        <source>Cyrillic (KOI8-R)</source>
        <extracomment>The encoding of a text file.</extracomment>
        <translation>Cyrillic (KOI8-R)</translation>
    </message>
    <message>
        <source>Cyrillic (DOS)</source>
        <extracomment>The encoding of a text file.</extracomment>
        <translation>Cyrillic (DOS)</translation>
    </message>
    <message>
        <source>Baltic (Windows-1257)</source>
        <extracomment>The encoding of a text file.</extracomment>
        <translation>Baltic (Windows-1257)</translation>
    </message>
    <message>
        <source>Central Europe (ISO 8859-2)</source>
        <extracomment>The encoding of a text file.</extracomment>
        <translation>Central Europe (ISO 8859-2)</translation>
    </message>
    <message>
        <source>Western Europe (ISO 8859-15)</source>
        <extracomment>The encoding of a text file.</extracomment>
        <translation>Western Europe (ISO 8859-15)</translation>
    </message>
    <message>
        <source>Western Europe (DOS)</source>
        <extracomment>The encoding of a text file.</extracomment>
        <translation>Western Europe (DOS)</translation>
    </message>
    <message>
        <source>Western Europe (DOS, with €)</source>
        <extracomment>The encoding of a text file.</extracomment>
        <translation>Western Europe (DOS, with €)</translation>
    </message>
    <message>
        <source>Central Europe (DOS)</source>
        <extracomment>The encoding of a text file.</extracomment>
        <translation>Central Europe (DOS)</translation>
    </message>
    <message>
        <source>Western Europe (Mac)</source>
        <extracomment>The encoding of a text file.</extracomment>
        <translation>Western Europe (Mac)</translation>
    </message>
    <message>
        <source>Unicode (UTF-16)</source>
        <extracomment>The encoding of a text file.</extracomment>
        <translation>Unicode (UTF-16)</translation>
    </message>
    <message>
        <source>Japanese (Shift JIS)</source>
        <extracomment>The encoding of a text file.</extracomment>
        <translation>Japanese (Shift JIS)</translation>
    </message>
    <message>
        <source>Japanese (EUC-JP)</source>
        <extracomment>The encoding of a text file.</extracomment>
        <translation>Japanese (EUC-JP)</translation>
    </message>
    <message>
        <source>Simplified Chinese (GB 18030)</source>
        <extracomment>The encoding of a text file.</extracomment>
        <translation>Simplified Chinese (GB 18030)</translation>
    </message>
    <message>
        <source>Traditional Chinese (Big5)</source>
        <extracomment>The encoding of a text file.</extracomment>
        <translation>Traditional Chinese (Big5)</translation>
    </message>
    <message>
        <source>Korean (EUC-KR)</source>
        <extracomment>The encoding of a text file.</extracomment>
        <translation>Korean (EUC-KR)</translation>
    </message>
</context>
<context>
    <name>engine</name>
    <message>
        <source>The task succeeded, but what it returned could not be kept.</source>
        <extracomment>Why the engine does not do what it is asked for.</extracomment>
        <translation>The task succeeded, but what it returned could not be kept.</translation>
    </message>
    <message>
        <source>Too busy to take more now; try again in {wait} s.</source>
        <extracomment>Why the engine does not do what it is asked for.</extracomment>
        <translation>Too busy to take more now; try again in {wait} s.</translation>
    </message>
    <message>
        <source>The task engine is not running. The app's lifespan starts it; tests use sendoff_tasks.testing.</source>
        <extracomment>Why the engine does not do what it is asked for.</extracomment>
        <translation>The task engine is not running. The app's lifespan starts it; tests use sendoff_tasks.testing.</translation>
    </message>
    <message>
        <source>Another process runs these tasks. From here they can be added, read, cancelled, retried, resolved and paused; the window and the shell commands can do more.</source>
        <extracomment>Why the engine does not do what it is asked for.</extracomment>
        <translation>Another process runs these tasks. From here they can be added, read, cancelled, retried, resolved and paused; the window and the shell commands can do more.</translation>
    </message>
    <message>
        <source>Attempt {attempt} of task {task_id} is no longer its current one.</source>
        <extracomment>Why the engine does not do what it is asked for.</extracomment>
        <translation>Attempt {attempt} of task {task_id} is no longer its current one.</translation>
    </message>
    <message>
        <source>The process that runs the tasks does not answer. Try again.</source>
        <extracomment>Why the engine does not do what it is asked for.</extracomment>
        <translation>The process that runs the tasks does not answer. Try again.</translation>
    </message>
    <message>
        <source>The process that runs the tasks knows no “{verb}”.</source>
        <extracomment>Why the engine does not do what it is asked for.</extracomment>
        <translation>The process that runs the tasks knows no “{verb}”.</translation>
    </message>
    <message>
        <source>The process that runs the tasks cannot read this: {why}</source>
        <extracomment>Why the engine does not do what it is asked for.</extracomment>
        <translation>The process that runs the tasks cannot read this: {why}</translation>
    </message>
    <message>
        <source>A task that it is to begin after was rolled back, or committed before it.</source>
        <extracomment>Why the engine does not do what it is asked for.</extracomment>
        <translation>A task that it is to begin after was rolled back, or committed before it.</translation>
    </message>
    <message>
        <source>This process does not speak for the attempt.</source>
        <extracomment>Why the engine does not do what it is asked for.</extracomment>
        <translation>This process does not speak for the attempt.</translation>
    </message>
    <message>
        <source>No task starts now ({why}). If this stays, restart the program.</source>
        <extracomment>Why the engine does not do what it is asked for.</extracomment>
        <translation>No task starts now ({why}). If this stays, restart the program.</translation>
    </message>
    <message>
        <source>The clock of this computer may be wrong: it says {says}. Check it. Until {ends} nothing is deleted for its age.</source>
        <extracomment>Why the engine does not do what it is asked for.</extracomment>
        <translation>The clock of this computer may be wrong: it says {says}. Check it. Until {ends} nothing is deleted for its age.</translation>
    </message>
</context>
<context>
    <name>evidence</name>
    <message>
        <source>The task handed over {what} at {when}, and no answer came.</source>
        <extracomment>Asked before an uncertain task runs again. {what}: what it handed over.</extracomment>
        <translation>The task handed over {what} at {when}, and no answer came.</translation>
    </message>
    <message>
        <source>The task handed over {what} to {to} at {when}, and no answer came.</source>
        <extracomment>Asked before an uncertain task runs again. {what}: what it handed over.</extracomment>
        <translation>The task handed over {what} to {to} at {when}, and no answer came.</translation>
    </message>
    <message>
        <source>its work</source>
        <extracomment>Asked before an uncertain task runs again. {what}: what it handed over.</extracomment>
        <translation>its work</translation>
    </message>
    <message>
        <source>If it happened, it happens twice. Run {title} again?</source>
        <extracomment>Asked before an uncertain task runs again. {what}: what it handed over.</extracomment>
        <translation>If it happened, it happens twice. Run {title} again?</translation>
    </message>
</context>
<context>
    <name>export</name>
    <message>
        <source>Exporting to {name}…</source>
        <extracomment>The export of a list into a file.</extracomment>
        <translation>Exporting to {name}…</translation>
    </message>
    <message numerus="yes">
        <source>Exporting to {name}: %Ln rows so far</source>
        <extracomment>The export of a list into a file.</extracomment>
        <translation>
            <numerusform>Exporting to {name}: %Ln row so far</numerusform>
            <numerusform>Exporting to {name}: %Ln rows so far</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Exporting to {name}: {written} of %Ln rows</source>
        <extracomment>The export of a list into a file.</extracomment>
        <translation>
            <numerusform>Exporting to {name}: {written} of %Ln row</numerusform>
            <numerusform>Exporting to {name}: {written} of %Ln rows</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln rows are saved as {name}</source>
        <extracomment>The export of a list into a file.</extracomment>
        <translation>
            <numerusform>%Ln row is saved as {name}</numerusform>
            <numerusform>%Ln rows are saved as {name}</numerusform>
        </translation>
    </message>
    <message>
        <source>The export is cancelled</source>
        <extracomment>The export of a list into a file.</extracomment>
        <translation>The export is cancelled</translation>
    </message>
    <message>
        <source>The export failed: {why}</source>
        <extracomment>The export of a list into a file.</extracomment>
        <translation>The export failed: {why}</translation>
    </message>
</context>
<context>
    <name>failed</name>
    <message numerus="yes">
        <source>%Ln tasks failed: {cause}</source>
        <extracomment>What a notification says of tasks that need a person, or that were added.</extracomment>
        <translation>
            <numerusform>%Ln task failed: {cause}</numerusform>
            <numerusform>%Ln tasks failed: {cause}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln tasks failed for {count} reasons.</source>
        <extracomment>What a notification says of tasks that need a person, or that were added.</extracomment>
        <translation>
            <numerusform>%Ln task failed for {count} reasons.</numerusform>
            <numerusform>%Ln tasks failed for {count} reasons.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln tasks are uncertain.</source>
        <extracomment>What a notification says of tasks that need a person, or that were added.</extracomment>
        <translation>
            <numerusform>%Ln task is uncertain.</numerusform>
            <numerusform>%Ln tasks are uncertain.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln new tasks are hidden by the filter.</source>
        <extracomment>What a notification says of tasks that need a person, or that were added.</extracomment>
        <translation>
            <numerusform>%Ln new task is hidden by the filter.</numerusform>
            <numerusform>%Ln new tasks are hidden by the filter.</numerusform>
        </translation>
    </message>
    <message>
        <source>All of them were sent again or marked as seen</source>
        <extracomment>What a notification says of tasks that need a person, or that were added.</extracomment>
        <translation>All of them were sent again or marked as seen</translation>
    </message>
</context>
<context>
    <name>file</name>
    <message>
        <source>{file} cannot be read: {why}.</source>
        <extracomment>Why a file cannot be used. {file} is its name, {why} the system's error.</extracomment>
        <translation>{file} cannot be read: {why}.</translation>
    </message>
    <message>
        <source>{file} cannot be written: {why}.</source>
        <extracomment>Why a file cannot be used. {file} is its name, {why} the system's error.</extracomment>
        <translation>{file} cannot be written: {why}.</translation>
    </message>
    <message>
        <source>It was written by a newer version of this program: install that version again.</source>
        <extracomment>Why a file cannot be used. {file} is its name, {why} the system's error.</extracomment>
        <translation>It was written by a newer version of this program: install that version again.</translation>
    </message>
</context>
<context>
    <name>filter</name>
    <message>
        <source>All</source>
        <extracomment>The filters above the list of tasks.</extracomment>
        <translation>All</translation>
    </message>
    <message>
        <source>Need you</source>
        <extracomment>The filters above the list of tasks.</extracomment>
        <translation>Need you</translation>
    </message>
    <message>
        <source>Under way</source>
        <extracomment>The filters above the list of tasks.</extracomment>
        <translation>Under way</translation>
    </message>
    <message>
        <source>Waiting</source>
        <extracomment>The filters above the list of tasks.</extracomment>
        <translation>Waiting</translation>
    </message>
    <message>
        <source>Scheduled</source>
        <extracomment>The filters above the list of tasks.</extracomment>
        <translation>Scheduled</translation>
    </message>
    <message>
        <source>Done</source>
        <extracomment>The filters above the list of tasks.</extracomment>
        <translation>Done</translation>
    </message>
    <message>
        <source>Failed</source>
        <extracomment>The filters above the list of tasks.</extracomment>
        <translation>Failed</translation>
    </message>
    <message>
        <source>Uncertain</source>
        <extracomment>The filters above the list of tasks.</extracomment>
        <translation>Uncertain</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <extracomment>The filters above the list of tasks.</extracomment>
        <translation>Cancelled</translation>
    </message>
    <message>
        <source>Seen</source>
        <extracomment>The filters above the list of tasks.</extracomment>
        <translation>Seen</translation>
    </message>
    <message>
        <source>Kept</source>
        <extracomment>The filters above the list of tasks.</extracomment>
        <translation>Kept</translation>
    </message>
    <message>
        <source>Marked as done</source>
        <extracomment>The filters above the list of tasks.</extracomment>
        <translation>Marked as done</translation>
    </message>
    <message>
        <source>Bounced</source>
        <extracomment>The filters above the list of tasks.</extracomment>
        <translation>Bounced</translation>
    </message>
</context>
<context>
    <name>filter_tip</name>
    <message>
        <source>Failed and uncertain tasks, and those on hold for a person: the same for everyone who uses these data</source>
        <extracomment>What a filter shows, where its name does not say it.</extracomment>
        <translation>Failed and uncertain tasks, and those on hold for a person: the same for everyone who uses these data</translation>
    </message>
    <message>
        <source>Tasks that were sent, or have run</source>
        <extracomment>What a filter shows, where its name does not say it.</extracomment>
        <translation>Tasks that were sent, or have run</translation>
    </message>
    <message>
        <source>Failed and uncertain tasks that were sent again or marked as seen</source>
        <extracomment>What a filter shows, where its name does not say it.</extracomment>
        <translation>Failed and uncertain tasks that were sent again or marked as seen</translation>
    </message>
    <message>
        <source>E-mails that practice mode kept, not sent</source>
        <extracomment>What a filter shows, where its name does not say it.</extracomment>
        <translation>E-mails that practice mode kept, not sent</translation>
    </message>
    <message>
        <source>A person said that they were sent, or done</source>
        <extracomment>What a filter shows, where its name does not say it.</extracomment>
        <translation>A person said that they were sent, or done</translation>
    </message>
    <message>
        <source>E-mails that were sent and came back</source>
        <extracomment>What a filter shows, where its name does not say it.</extracomment>
        <translation>E-mails that were sent and came back</translation>
    </message>
</context>
<context>
    <name>folder</name>
    <message>
        <source>The data folder cannot be used. {file}: {why}. Correct that and start again, or name another folder with --data-dir.</source>
        <extracomment>Why a data folder cannot be used.</extracomment>
        <translation>The data folder cannot be used. {file}: {why}. Correct that and start again, or name another folder with --data-dir.</translation>
    </message>
    <message>
        <source>Sendoff cannot use its data folder. {file}: {why}. Correct that and start Sendoff again, or name another folder with --data-dir.</source>
        <extracomment>Why a data folder cannot be used.</extracomment>
        <translation>Sendoff cannot use its data folder. {file}: {why}. Correct that and start Sendoff again, or name another folder with --data-dir.</translation>
    </message>
</context>
<context>
    <name>forget</name>
    <message>
        <source>Forget the person of “{item}”?</source>
        <extracomment>Deleting all data of a person.</extracomment>
        <translation>Forget the person of “{item}”?</translation>
    </message>
    <message>
        <source>Name, address, fields and e-mails of this item and of all items with the same address are deleted for good. E-mails that are still to be sent are not sent. In kept spreadsheets the rows of the person are emptied, and formats, formulas and other sheets are lost.</source>
        <extracomment>Deleting all data of a person.</extracomment>
        <translation>Name, address, fields and e-mails of this item and of all items with the same address are deleted for good. E-mails that are still to be sent are not sent. In kept spreadsheets the rows of the person are emptied, and formats, formulas and other sheets are lost.</translation>
    </message>
    <message>
        <source>Deleting personal data…</source>
        <extracomment>Deleting all data of a person.</extracomment>
        <translation>Deleting personal data…</translation>
    </message>
    <message>
        <source>The person's data was deleted</source>
        <extracomment>Deleting all data of a person.</extracomment>
        <translation>The person's data was deleted</translation>
    </message>
    <message>
        <source>Backups that were made before may still have the person's data, the newest is {file}. If Sendoff runs every day, newer ones replace them by {until}. Or delete them yourself.</source>
        <extracomment>Deleting all data of a person.</extracomment>
        <translation>Backups that were made before may still have the person's data, the newest is {file}. If Sendoff runs every day, newer ones replace them by {until}. Or delete them yourself.</translation>
    </message>
    <message>
        <source>{file} may still have the person's data until you delete it.</source>
        <extracomment>Deleting all data of a person.</extracomment>
        <translation>{file} may still have the person's data until you delete it.</translation>
    </message>
</context>
<context>
    <name>form</name>
    <message>
        <source>The letter follows when Sendoff answers.</source>
        <extracomment>What the form of an item says.</extracomment>
        <translation>The letter follows when Sendoff answers.</translation>
    </message>
    <message>
        <source>No e-mail is sent with this item.</source>
        <extracomment>What the form of an item says.</extracomment>
        <translation>No e-mail is sent with this item.</translation>
    </message>
    <message>
        <source>Enter a whole number from 1 up.</source>
        <extracomment>What the form of an item says.</extracomment>
        <translation>Enter a whole number from 1 up.</translation>
    </message>
    <message>
        <source>“{name}” is not stored yet. Try again in a moment.</source>
        <extracomment>What the form of an item says.</extracomment>
        <translation>“{name}” is not stored yet. Try again in a moment.</translation>
    </message>
    <message>
        <source>“{name}” is not attached. {why}</source>
        <extracomment>What the form of an item says.</extracomment>
        <translation>“{name}” is not attached. {why}</translation>
    </message>
    <message>
        <source>Already there: item {number}</source>
        <extracomment>What the form of an item says.</extracomment>
        <translation>Already there: item {number}</translation>
    </message>
    <message>
        <source>This address already has an item with this title: {number}</source>
        <extracomment>The same for screen readers.</extracomment>
        <translation>This address already has an item with this title: {number}</translation>
    </message>
    <message>
        <source>Same person: item {number}</source>
        <extracomment>What the form of an item says.</extracomment>
        <translation>Same person: item {number}</translation>
    </message>
    <message>
        <source>Not filled in: {fields}.</source>
        <extracomment>What the form of an item says.</extracomment>
        <translation>Not filled in: {fields}.</translation>
    </message>
    <message>
        <source>The e-mail goes without the note: its template has none.</source>
        <extracomment>What the form of an item says.</extracomment>
        <translation>The e-mail goes without the note: its template has none.</translation>
    </message>
    <message>
        <source>The form was cleared</source>
        <extracomment>What the form of an item says.</extracomment>
        <translation>The form was cleared</translation>
    </message>
</context>
<context>
    <name>function</name>
    <message>
        <source>The name “{name}” of {second} is already taken by {first}.</source>
        <extracomment>Why a task has no function to run.</extracomment>
        <translation>The name “{name}” of {second} is already taken by {first}.</translation>
    </message>
    <message>
        <source>There is no task named “{name}”.</source>
        <extracomment>Why a task has no function to run.</extracomment>
        <translation>There is no task named “{name}”.</translation>
    </message>
    <message>
        <source>There is {names}.</source>
        <extracomment>Why a task has no function to run.</extracomment>
        <translation>There is {names}.</translation>
    </message>
    <message>
        <source>There is no task named “{name}” in {file} any more.</source>
        <extracomment>Why a task has no function to run.</extracomment>
        <translation>There is no task named “{name}” in {file} any more.</translation>
    </message>
    <message>
        <source>There is no task named “{name}” any more: {file} is gone.</source>
        <extracomment>Why a task has no function to run.</extracomment>
        <translation>There is no task named “{name}” any more: {file} is gone.</translation>
    </message>
    <message>
        <source>No worker with the task “{name}” is running.</source>
        <extracomment>Why a task has no function to run.</extracomment>
        <translation>No worker with the task “{name}” is running.</translation>
    </message>
    <message>
        <source>The task “{name}” is in {files}. It waits until only one file has it.</source>
        <extracomment>Why a task has no function to run.</extracomment>
        <translation>The task “{name}” is in {files}. It waits until only one file has it.</translation>
    </message>
    <message>
        <source>The tasks in {file} cannot be used: {why}.</source>
        <extracomment>Why a task has no function to run.</extracomment>
        <translation>The tasks in {file} cannot be used: {why}.</translation>
    </message>
    <message>
        <source>{file} cannot be read ({why}). Its tasks stay as they were, and it is read again from time to time. If this lasts, check who may read it.</source>
        <extracomment>Why a task has no function to run.</extracomment>
        <translation>{file} cannot be read ({why}). Its tasks stay as they were, and it is read again from time to time. If this lasts, check who may read it.</translation>
    </message>
    <message>
        <source>{file} {why}; its tasks wait until it is corrected.</source>
        <extracomment>Why a task has no function to run.</extracomment>
        <translation>{file} {why}; its tasks wait until it is corrected.</translation>
    </message>
    <message>
        <source>This process knows the tasks of the modules it has loaded; those of files in the data folder are known to the process that runs the tasks.</source>
        <extracomment>Why a task has no function to run.</extracomment>
        <translation>This process knows the tasks of the modules it has loaded; those of files in the data folder are known to the process that runs the tasks.</translation>
    </message>
    <message>
        <source>Tasks of {name} are on hold: {why} They resume when the function is available again, or when its replacement lists this name in @task(aliases=[…]).</source>
        <extracomment>Why a task has no function to run.</extracomment>
        <translation>Tasks of {name} are on hold: {why} They resume when the function is available again, or when its replacement lists this name in @task(aliases=[…]).</translation>
    </message>
</context>
<context>
    <name>headline</name>
    <message>
        <source>Something is missing</source>
        <extracomment>The state of a task in one line, above what is known about it.</extracomment>
        <translation>Something is missing</translation>
    </message>
    <message>
        <source>In the queue</source>
        <extracomment>The state of a task in one line, above what is known about it.</extracomment>
        <translation>In the queue</translation>
    </message>
    <message>
        <source>Scheduled</source>
        <extracomment>The state of a task in one line, above what is known about it.</extracomment>
        <translation>Scheduled</translation>
    </message>
    <message>
        <source>Starts {when}</source>
        <extracomment>{when}: “in 40 s”, “today 14:00”</extracomment>
        <translation>Starts {when}</translation>
    </message>
    <message>
        <source>Running</source>
        <extracomment>The state of a task in one line, above what is known about it.</extracomment>
        <translation>Running</translation>
    </message>
    <message>
        <source>Waiting, {when}</source>
        <extracomment>The state of a task in one line, above what is known about it.</extracomment>
        <translation>Waiting, {when}</translation>
    </message>
    <message>
        <source>On hold until the problem is fixed</source>
        <extracomment>The state of a task in one line, above what is known about it.</extracomment>
        <translation>On hold until the problem is fixed</translation>
    </message>
    <message>
        <source>On hold until its function is available</source>
        <extracomment>The state of a task in one line, above what is known about it.</extracomment>
        <translation>On hold until its function is available</translation>
    </message>
    <message>
        <source>Waiting for another task</source>
        <extracomment>The state of a task in one line, above what is known about it.</extracomment>
        <translation>Waiting for another task</translation>
    </message>
    <message>
        <source>Done, {when}</source>
        <extracomment>The state of a task in one line, above what is known about it.</extracomment>
        <translation>Done, {when}</translation>
    </message>
    <message>
        <source>Failed</source>
        <extracomment>The state of a task in one line, above what is known about it.</extracomment>
        <translation>Failed</translation>
    </message>
    <message>
        <source>Failed: {error}</source>
        <extracomment>The state of a task in one line, above what is known about it.</extracomment>
        <translation>Failed: {error}</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <extracomment>The state of a task in one line, above what is known about it.</extracomment>
        <translation>Cancelled</translation>
    </message>
    <message>
        <source>It is not known whether it was done</source>
        <extracomment>The state of a task in one line, above what is known about it.</extracomment>
        <translation>It is not known whether it was done</translation>
    </message>
    <message>
        <source>{what}, unless you press Undo</source>
        <extracomment>{what}: “Cancel · soon”</extracomment>
        <translation>{what}, unless you press Undo</translation>
    </message>
    <message>
        <source>Kept in practice, {when}</source>
        <extracomment>The state of a task in one line, above what is known about it.</extracomment>
        <translation>Kept in practice, {when}</translation>
    </message>
    <message>
        <source>Sent, {when}, and came back: {error}</source>
        <extracomment>The state of a task in one line, above what is known about it.</extracomment>
        <translation>Sent, {when}, and came back: {error}</translation>
    </message>
    <message>
        <source>New e-mail to {to}: {state}</source>
        <extracomment>The state of a task in one line, above what is known about it.</extracomment>
        <translation>New e-mail to {to}: {state}</translation>
    </message>
    <message>
        <source>Copy to {to}: {state}</source>
        <extracomment>The state of a task in one line, above what is known about it.</extracomment>
        <translation>Copy to {to}: {state}</translation>
    </message>
    <message>
        <source>Sent {when} to {to}</source>
        <extracomment>The state of a task in one line, above what is known about it.</extracomment>
        <translation>Sent {when} to {to}</translation>
    </message>
</context>
<context>
    <name>headline.queue_mail</name>
    <message>
        <source>Leaves {when}</source>
        <extracomment>The state of an e-mail in one line, above what is known about it.</extracomment>
        <translation>Leaves {when}</translation>
    </message>
    <message>
        <source>Being sent</source>
        <extracomment>The state of an e-mail in one line, above what is known about it.</extracomment>
        <translation>Being sent</translation>
    </message>
    <message>
        <source>Waiting for the mail server, {when}</source>
        <extracomment>The state of an e-mail in one line, above what is known about it.</extracomment>
        <translation>Waiting for the mail server, {when}</translation>
    </message>
    <message>
        <source>Sent, {when}</source>
        <extracomment>The state of an e-mail in one line, above what is known about it.</extracomment>
        <translation>Sent, {when}</translation>
    </message>
    <message>
        <source>Could not be sent</source>
        <extracomment>The state of an e-mail in one line, above what is known about it.</extracomment>
        <translation>Could not be sent</translation>
    </message>
    <message>
        <source>It is not known whether it arrived</source>
        <extracomment>The state of an e-mail in one line, above what is known about it.</extracomment>
        <translation>It is not known whether it arrived</translation>
    </message>
</context>
<context>
    <name>history</name>
    <message>
        <source>A person started the task at once.</source>
        <extracomment>A line in the log of a task, or how an attempt of it ended.</extracomment>
        <translation>A person started the task at once.</translation>
    </message>
    <message>
        <source>A person set the start to {time}.</source>
        <extracomment>A line in the log of a task, or how an attempt of it ended.</extracomment>
        <translation>A person set the start to {time}.</translation>
    </message>
    <message>
        <source>The task was asked to stop.</source>
        <extracomment>A line in the log of a task, or how an attempt of it ended.</extracomment>
        <translation>The task was asked to stop.</translation>
    </message>
    <message>
        <source>A person ran the task again, as task {task_id}.</source>
        <extracomment>A line in the log of a task, or how an attempt of it ended.</extracomment>
        <translation>A person ran the task again, as task {task_id}.</translation>
    </message>
    <message>
        <source>A person ran task {task_id} again.</source>
        <extracomment>A line in the log of a task, or how an attempt of it ended.</extracomment>
        <translation>A person ran task {task_id} again.</translation>
    </message>
    <message>
        <source>Task {task_id} was cancelled before it began.</source>
        <extracomment>A line in the log of a task, or how an attempt of it ended.</extracomment>
        <translation>Task {task_id} was cancelled before it began.</translation>
    </message>
    <message>
        <source>{said}. No answer came.</source>
        <extracomment>A line in the log of a task, or how an attempt of it ended.</extracomment>
        <translation>{said}. No answer came.</translation>
    </message>
    <message>
        <source>The program ended while the task ran.</source>
        <extracomment>A line in the log of a task, or how an attempt of it ended.</extracomment>
        <translation>The program ended while the task ran.</translation>
    </message>
    <message>
        <source>The program ended while only this task ran.</source>
        <extracomment>A line in the log of a task, or how an attempt of it ended.</extracomment>
        <translation>The program ended while only this task ran.</translation>
    </message>
    <message>
        <source>The program ended just after the task had begun.</source>
        <extracomment>A line in the log of a task, or how an attempt of it ended.</extracomment>
        <translation>The program ended just after the task had begun.</translation>
    </message>
    <message>
        <source>The database server went back in time, to before the task had ended.</source>
        <extracomment>A line in the log of a task, or how an attempt of it ended.</extracomment>
        <translation>The database server went back in time, to before the task had ended.</translation>
    </message>
    <message>
        <source>The worker {worker} that ran the task did not respond.</source>
        <extracomment>A line in the log of a task, or how an attempt of it ended.</extracomment>
        <translation>The worker {worker} that ran the task did not respond.</translation>
    </message>
    <message>
        <source>The attempt had not begun.</source>
        <extracomment>A line in the log of a task, or how an attempt of it ended.</extracomment>
        <translation>The attempt had not begun.</translation>
    </message>
    <message>
        <source>The engine stopped while the task ran.</source>
        <extracomment>A line in the log of a task, or how an attempt of it ended.</extracomment>
        <translation>The engine stopped while the task ran.</translation>
    </message>
    <message>
        <source>Stopped past the point of no return: it may have happened.</source>
        <extracomment>A line in the log of a task, or how an attempt of it ended.</extracomment>
        <translation>Stopped past the point of no return: it may have happened.</translation>
    </message>
    <message>
        <source>The attempt did not end within {seconds} s.</source>
        <extracomment>A line in the log of a task, or how an attempt of it ended.</extracomment>
        <translation>The attempt did not end within {seconds} s.</translation>
    </message>
    <message>
        <source>How the attempt ended could not be stored.</source>
        <extracomment>A line in the log of a task, or how an attempt of it ended.</extracomment>
        <translation>How the attempt ended could not be stored.</translation>
    </message>
    <message>
        <source>How the attempt ended could not be stored: {why}</source>
        <extracomment>A line in the log of a task, or how an attempt of it ended.</extracomment>
        <translation>How the attempt ended could not be stored: {why}</translation>
    </message>
    <message>
        <source>There was more; a task's log is kept up to 1,000 lines or 256 KiB an attempt.</source>
        <extracomment>A line in the log of a task, or how an attempt of it ended.</extracomment>
        <translation>There was more; a task's log is kept up to 1,000 lines or 256 KiB an attempt.</translation>
    </message>
    <message>
        <source>The effect was kept now; an earlier attempt may have done it.</source>
        <extracomment>A line in the log of a task, or how an attempt of it ended.</extracomment>
        <translation>The effect was kept now; an earlier attempt may have done it.</translation>
    </message>
    <message>
        <source>The item was corrected.</source>
        <extracomment>What happened to an e-mail, in the log of its task.</extracomment>
        <translation>The item was corrected.</translation>
    </message>
    <message>
        <source>From now on the e-mail goes to {to}, under a new Message-ID. The earlier one was {reference}.</source>
        <extracomment>What happened to an e-mail, in the log of its task.</extracomment>
        <translation>From now on the e-mail goes to {to}, under a new Message-ID. The earlier one was {reference}.</translation>
    </message>
    <message>
        <source>From now on the e-mail is made from the template as it was saved at this time.</source>
        <extracomment>What happened to an e-mail, in the log of its task.</extracomment>
        <translation>From now on the e-mail is made from the template as it was saved at this time.</translation>
    </message>
    <message>
        <source>The e-mail came back: {said}</source>
        <extracomment>What happened to an e-mail, in the log of its task.</extracomment>
        <translation>The e-mail came back: {said}</translation>
    </message>
    <message>
        <source>The e-mail did not come back after all.</source>
        <extracomment>What happened to an e-mail, in the log of its task.</extracomment>
        <translation>The e-mail did not come back after all.</translation>
    </message>
</context>
<context>
    <name>import</name>
    <message>
        <source>Reading {name}</source>
        <extracomment>{name}: of the spreadsheet's file.</extracomment>
        <translation>Reading {name}</translation>
    </message>
    <message>
        <source>{name} cannot be read</source>
        <extracomment>What the import of a spreadsheet does, or what to do next.</extracomment>
        <translation>{name} cannot be read</translation>
    </message>
    <message numerus="yes">
        <source>%Ln more values</source>
        <extracomment>Of a row; a link shows them.</extracomment>
        <translation>
            <numerusform>%Ln more value</numerusform>
            <numerusform>%Ln more values</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{used} of %Ln columns are used</source>
        <extracomment>What the import of a spreadsheet does, or what to do next.</extracomment>
        <translation>
            <numerusform>{used} of %Ln column is used</numerusform>
            <numerusform>{used} of %Ln columns are used</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{count} of %Ln can leave</source>
        <extracomment>What the import of a spreadsheet does, or what to do next.</extracomment>
        <translation>
            <numerusform>{count} of %Ln e-mail can leave</numerusform>
            <numerusform>{count} of %Ln can leave</numerusform>
        </translation>
    </message>
    <message>
        <source>The spreadsheet is being read…</source>
        <extracomment>What the import of a spreadsheet does, or what to do next.</extracomment>
        <translation>The spreadsheet is being read…</translation>
    </message>
    <message>
        <source>The rows are shown once all are read.</source>
        <extracomment>What the import of a spreadsheet does, or what to do next.</extracomment>
        <translation>The rows are shown once all are read.</translation>
    </message>
    <message numerus="yes">
        <source>{done} of %Ln rows are read and checked…</source>
        <extracomment>What the import of a spreadsheet does, or what to do next.</extracomment>
        <translation>
            <numerusform>{done} of %Ln row is read and checked…</numerusform>
            <numerusform>{done} of %Ln rows are read and checked…</numerusform>
        </translation>
    </message>
    <message>
        <source>Rows are read and checked…</source>
        <extracomment>What the import of a spreadsheet does, or what to do next.</extracomment>
        <translation>Rows are read and checked…</translation>
    </message>
    <message numerus="yes">
        <source>{done} of %Ln files are copied…</source>
        <extracomment>What the import of a spreadsheet does, or what to do next.</extracomment>
        <translation>
            <numerusform>{done} of %Ln file is copied…</numerusform>
            <numerusform>{done} of %Ln files are copied…</numerusform>
        </translation>
    </message>
    <message>
        <source>The files that rows name are looked for…</source>
        <extracomment>What the import of a spreadsheet does, or what to do next.</extracomment>
        <translation>The files that rows name are looked for…</translation>
    </message>
    <message>
        <source>Press again once all rows are read and checked.</source>
        <extracomment>What the import of a spreadsheet does, or what to do next.</extracomment>
        <translation>Press again once all rows are read and checked.</translation>
    </message>
    <message>
        <source>Reading continues by itself.</source>
        <extracomment>What the import of a spreadsheet does, or what to do next.</extracomment>
        <translation>Reading continues by itself.</translation>
    </message>
    <message>
        <source>The spreadsheet was saved again after it was read. Read it again, or go on with what was read.</source>
        <extracomment>What the import of a spreadsheet does, or what to do next.</extracomment>
        <translation>The spreadsheet was saved again after it was read. Read it again, or go on with what was read.</translation>
    </message>
    <message numerus="yes">
        <source>%Ln added files were changed since: {names}. Read them again, or go on with what was added.</source>
        <extracomment>What the import of a spreadsheet does, or what to do next.</extracomment>
        <translation>
            <numerusform>%Ln added file was changed since: {names}. Read it again, or go on with what was added.</numerusform>
            <numerusform>%Ln added files were changed since: {names}. Read them again, or go on with what was added.</numerusform>
        </translation>
    </message>
    <message>
        <source>Not accepted: {why}</source>
        <extracomment>{why}: “There is no @ in this address.”</extracomment>
        <translation>Not accepted: {why}</translation>
    </message>
    <message>
        <source>Row {row} is as it was before.</source>
        <extracomment>After Ctrl+Z.</extracomment>
        <translation>Row {row} is as it was before.</translation>
    </message>
    <message>
        <source>Row {row} was changed since: nothing is undone.</source>
        <extracomment>After Ctrl+Z.</extracomment>
        <translation>Row {row} was changed since: nothing is undone.</translation>
    </message>
    <message>
        <source>Your last change was not in the row yet. Press again.</source>
        <extracomment>What the import of a spreadsheet does, or what to do next.</extracomment>
        <translation>Your last change was not in the row yet. Press again.</translation>
    </message>
    <message>
        <source>Row {row}: {why}</source>
        <extracomment>Why a row was not corrected, or what is in it.</extracomment>
        <translation>Row {row}: {why}</translation>
    </message>
    <message>
        <source>Row {row}: you typed “{text}” and did not save it.</source>
        <extracomment>What the import of a spreadsheet does, or what to do next.</extracomment>
        <translation>Row {row}: you typed “{text}” and did not save it.</translation>
    </message>
    <message>
        <source>Choose the template: “{last}”, as with the last such file, or “{usual}”.</source>
        <extracomment>What the import of a spreadsheet does, or what to do next.</extracomment>
        <translation>Choose the template: “{last}”, as with the last such file, or “{usual}”.</translation>
    </message>
    <message>
        <source>Choose above how the words are read. Press again to send them so.</source>
        <extracomment>What the import of a spreadsheet does, or what to do next.</extracomment>
        <translation>Choose above how the words are read. Press again to send them so.</translation>
    </message>
    <message>
        <source>Rows that are hidden in an .xls are sent too. Press again to send all.</source>
        <extracomment>What the import of a spreadsheet does, or what to do next.</extracomment>
        <translation>Rows that are hidden in an .xls are sent too. Press again to send all.</translation>
    </message>
    <message>
        <source>{text} becomes item {number}: choose a field for “{column}” to keep the zeros.</source>
        <extracomment>What the import of a spreadsheet does, or what to do next.</extracomment>
        <translation>{text} becomes item {number}: choose a field for “{column}” to keep the zeros.</translation>
    </message>
    <message numerus="yes">
        <source>%Ln empty columns are left out.</source>
        <extracomment>What the import of a spreadsheet does, or what to do next.</extracomment>
        <translation>
            <numerusform>%Ln empty column is left out.</numerusform>
            <numerusform>%Ln empty columns are left out.</numerusform>
        </translation>
    </message>
    <message>
        <source>{number} stands for the number that it gets when it is sent.</source>
        <extracomment>What the import of a spreadsheet does, or what to do next.</extracomment>
        <translation>{number} stands for the number that it gets when it is sent.</translation>
    </message>
    <message>
        <source>Drop one spreadsheet at a time</source>
        <extracomment>What the import of a spreadsheet does, or what to do next.</extracomment>
        <translation>Drop one spreadsheet at a time</translation>
    </message>
    <message>
        <source>The e-mail goes to {to}</source>
        <extracomment>What the import of a spreadsheet does, or what to do next.</extracomment>
        <translation>The e-mail goes to {to}</translation>
    </message>
    <message>
        <source>The lists have examples, with addresses that do not exist.</source>
        <extracomment>What the import of a spreadsheet does, or what to do next.</extracomment>
        <translation>The lists have examples, with addresses that do not exist.</translation>
    </message>
</context>
<context>
    <name>import.kept</name>
    <message numerus="yes">
        <source>{count} of %Ln can be kept</source>
        <extracomment>{name}: of the spreadsheet's file.</extracomment>
        <translation>
            <numerusform>{count} of %Ln e-mail can be kept</numerusform>
            <numerusform>{count} of %Ln can be kept</numerusform>
        </translation>
    </message>
    <message>
        <source>The e-mail to {to} is kept, not sent</source>
        <extracomment>{name}: of the spreadsheet's file.</extracomment>
        <translation>The e-mail to {to} is kept, not sent</translation>
    </message>
</context>
<context>
    <name>informed</name>
    <message>
        <source>yes</source>
        <extracomment>Whether the recipient of an item was informed, in a cell.</extracomment>
        <translation>yes</translation>
    </message>
    <message>
        <source>not yet</source>
        <extracomment>Whether the recipient of an item was informed, in a cell.</extracomment>
        <translation>not yet</translation>
    </message>
    <message>
        <source>no</source>
        <extracomment>Whether the recipient of an item was informed, in a cell.</extracomment>
        <translation>no</translation>
    </message>
    <message>
        <source>uncertain</source>
        <extracomment>Whether the recipient of an item was informed, in a cell.</extracomment>
        <translation>uncertain</translation>
    </message>
    <message>
        <source>kept</source>
        <extracomment>Whether the recipient of an item was informed, in a cell.</extracomment>
        <translation>kept</translation>
    </message>
</context>
<context>
    <name>informed.chip</name>
    <message>
        <source>Informed</source>
        <extracomment>Whether the recipient of an item was informed, in a cell.</extracomment>
        <translation>Informed</translation>
    </message>
    <message>
        <source>Not yet</source>
        <extracomment>Whether the recipient of an item was informed, in a cell.</extracomment>
        <translation>Not yet</translation>
    </message>
    <message>
        <source>Not informed</source>
        <extracomment>Whether the recipient of an item was informed, in a cell.</extracomment>
        <translation>Not informed</translation>
    </message>
    <message>
        <source>Uncertain</source>
        <extracomment>Whether the recipient of an item was informed, in a cell.</extracomment>
        <translation>Uncertain</translation>
    </message>
    <message>
        <source>Kept</source>
        <extracomment>Whether the recipient of an item was informed, in a cell.</extracomment>
        <translation>Kept</translation>
    </message>
</context>
<context>
    <name>item</name>
    <message>
        <source>Informed: the e-mail was sent.</source>
        <extracomment>Whether the recipient of an item was informed, or why not. {when} is such as “tomorrow 09:00”.</extracomment>
        <translation>Informed: the e-mail was sent.</translation>
    </message>
    <message>
        <source>Not informed yet: the e-mail is still to be sent.</source>
        <extracomment>Whether the recipient of an item was informed, or why not. {when} is such as “tomorrow 09:00”.</extracomment>
        <translation>Not informed yet: the e-mail is still to be sent.</translation>
    </message>
    <message>
        <source>Not informed.</source>
        <extracomment>Whether the recipient of an item was informed, or why not. {when} is such as “tomorrow 09:00”.</extracomment>
        <translation>Not informed.</translation>
    </message>
    <message>
        <source>Uncertain: the e-mail may have been sent.</source>
        <extracomment>Whether the recipient of an item was informed, or why not. {when} is such as “tomorrow 09:00”.</extracomment>
        <translation>Uncertain: the e-mail may have been sent.</translation>
    </message>
    <message>
        <source>Kept on this computer, in practice mode. Nothing was sent.</source>
        <extracomment>Whether the recipient of an item was informed, or why not. {when} is such as “tomorrow 09:00”.</extracomment>
        <translation>Kept on this computer, in practice mode. Nothing was sent.</translation>
    </message>
    <message>
        <source>There is no e-mail to the item's recipient.</source>
        <extracomment>Whether the recipient of an item was informed, or why not. {when} is such as “tomorrow 09:00”.</extracomment>
        <translation>There is no e-mail to the item's recipient.</translation>
    </message>
    <message>
        <source>The item's name, address and fields were deleted.</source>
        <extracomment>Whether the recipient of an item was informed, or why not. {when} is such as “tomorrow 09:00”.</extracomment>
        <translation>The item's name, address and fields were deleted.</translation>
    </message>
    <message>
        <source>Item {number}</source>
        <extracomment>The recipient may follow after a dot.</extracomment>
        <translation>Item {number}</translation>
    </message>
    <message>
        <source>{title}: {state}</source>
        <extracomment>A task of the item.</extracomment>
        <translation>{title}: {state}</translation>
    </message>
    <message>
        <source>{count}+</source>
        <extracomment>At least so many items.</extracomment>
        <translation>{count}+</translation>
    </message>
    <message>
        <source>to {to}</source>
        <extracomment>The address of an e-mail.</extracomment>
        <translation>to {to}</translation>
    </message>
    <message>
        <source>copy to {to}</source>
        <extracomment>Whether the recipient of an item was informed, or why not. {when} is such as “tomorrow 09:00”.</extracomment>
        <translation>copy to {to}</translation>
    </message>
    <message>
        <source>Seen</source>
        <extracomment>A person has marked the failed task as seen.</extracomment>
        <translation>Seen</translation>
    </message>
</context>
<context>
    <name>item.ask</name>
    <message>
        <source>Uncertain: the e-mail may have been sent. Say whether it was.</source>
        <extracomment>Whether the recipient of an item was informed, or why not. {when} is such as “tomorrow 09:00”.</extracomment>
        <translation>Uncertain: the e-mail may have been sent. Say whether it was.</translation>
    </message>
</context>
<context>
    <name>item.at</name>
    <message>
        <source>Informed: the e-mail was sent, {when}.</source>
        <extracomment>Whether the recipient of an item was informed, or why not. {when} is such as “tomorrow 09:00”.</extracomment>
        <translation>Informed: the e-mail was sent, {when}.</translation>
    </message>
    <message>
        <source>Not informed yet: the e-mail is sent {when}.</source>
        <extracomment>Whether the recipient of an item was informed, or why not. {when} is such as “tomorrow 09:00”.</extracomment>
        <translation>Not informed yet: the e-mail is sent {when}.</translation>
    </message>
</context>
<context>
    <name>item.cancelled</name>
    <message>
        <source>Uncertain: the e-mail was cancelled, but may have arrived.</source>
        <extracomment>Whether the recipient of an item was informed, or why not. {when} is such as “tomorrow 09:00”.</extracomment>
        <translation>Uncertain: the e-mail was cancelled, but may have arrived.</translation>
    </message>
</context>
<context>
    <name>item.held</name>
    <message>
        <source>Not informed yet: the e-mail is on hold until the problem is fixed.</source>
        <extracomment>Whether the recipient of an item was informed, or why not. {when} is such as “tomorrow 09:00”.</extracomment>
        <translation>Not informed yet: the e-mail is on hold until the problem is fixed.</translation>
    </message>
</context>
<context>
    <name>item.ready</name>
    <message>
        <source>Not informed yet: the e-mail is ready to be sent and waits for you.</source>
        <extracomment>Whether the recipient of an item was informed, or why not. {when} is such as “tomorrow 09:00”.</extracomment>
        <translation>Not informed yet: the e-mail is ready to be sent and waits for you.</translation>
    </message>
</context>
<context>
    <name>item.settled</name>
    <message>
        <source>Informed: marked as sent by a person, {when}.</source>
        <extracomment>Whether the recipient of an item was informed, or why not. {when} is such as “tomorrow 09:00”.</extracomment>
        <translation>Informed: marked as sent by a person, {when}.</translation>
    </message>
</context>
<context>
    <name>item_history</name>
    <message>
        <source>By a person: {deeds}</source>
        <extracomment>What people did with the e-mails of an item, and when, in a line of several.</extracomment>
        <translation>By a person: {deeds}</translation>
    </message>
    <message>
        <source>cancelled {when}</source>
        <extracomment>What people did with the e-mails of an item, and when, in a line of several.</extracomment>
        <translation>cancelled {when}</translation>
    </message>
    <message>
        <source>retried {when}</source>
        <extracomment>What people did with the e-mails of an item, and when, in a line of several.</extracomment>
        <translation>retried {when}</translation>
    </message>
    <message>
        <source>marked as sent {when}</source>
        <extracomment>What people did with the e-mails of an item, and when, in a line of several.</extracomment>
        <translation>marked as sent {when}</translation>
    </message>
    <message>
        <source>sent again {when}, although the first e-mail may have arrived</source>
        <extracomment>What people did with the e-mails of an item, and when, in a line of several.</extracomment>
        <translation>sent again {when}, although the first e-mail may have arrived</translation>
    </message>
    <message>
        <source>marked as seen {when}</source>
        <extracomment>What people did with the e-mails of an item, and when, in a line of several.</extracomment>
        <translation>marked as seen {when}</translation>
    </message>
    <message>
        <source>marked as not seen {when}</source>
        <extracomment>What people did with the e-mails of an item, and when, in a line of several.</extracomment>
        <translation>marked as not seen {when}</translation>
    </message>
    <message>
        <source>sent again {when}</source>
        <extracomment>What people did with the e-mails of an item, and when, in a line of several.</extracomment>
        <translation>sent again {when}</translation>
    </message>
    <message>
        <source>corrected {when} ({changes})</source>
        <extracomment>What people did with the e-mails of an item, and when, in a line of several.</extracomment>
        <translation>corrected {when} ({changes})</translation>
    </message>
    <message>
        <source>Nothing has been done about it yet.</source>
        <extracomment>What people did with the e-mails of an item, and when, in a line of several.</extracomment>
        <translation>Nothing has been done about it yet.</translation>
    </message>
    <message>
        <source>Until {when}</source>
        <extracomment>The values of an item before a correction follow.</extracomment>
        <translation>Until {when}</translation>
    </message>
</context>
<context>
    <name>item_leaves</name>
    <message>
        <source>Item {number} will be sent {when}</source>
        <extracomment>An item was submitted or corrected: when its e-mail is sent. {when} is such as “in 5 s”.</extracomment>
        <translation>Item {number} will be sent {when}</translation>
    </message>
    <message>
        <source>Item {number} is sent now</source>
        <extracomment>An item was submitted or corrected: when its e-mail is sent. {when} is such as “in 5 s”.</extracomment>
        <translation>Item {number} is sent now</translation>
    </message>
</context>
<context>
    <name>item_leaves.corrected</name>
    <message>
        <source>Item {number} is corrected and will be sent {when}</source>
        <extracomment>An item was submitted or corrected: when its e-mail is sent. {when} is such as “in 5 s”.</extracomment>
        <translation>Item {number} is corrected and will be sent {when}</translation>
    </message>
    <message>
        <source>Item {number} is corrected and is sent now</source>
        <extracomment>An item was submitted or corrected: when its e-mail is sent. {when} is such as “in 5 s”.</extracomment>
        <translation>Item {number} is corrected and is sent now</translation>
    </message>
</context>
<context>
    <name>item_leaves.corrected_kept</name>
    <message>
        <source>Item {number} is corrected and will be kept, not sent, {when}</source>
        <extracomment>An item was submitted or corrected: when its e-mail is sent. {when} is such as “in 5 s”.</extracomment>
        <translation>Item {number} is corrected and will be kept, not sent, {when}</translation>
    </message>
    <message>
        <source>Item {number} is corrected and is kept, not sent</source>
        <extracomment>An item was submitted or corrected: when its e-mail is sent. {when} is such as “in 5 s”.</extracomment>
        <translation>Item {number} is corrected and is kept, not sent</translation>
    </message>
</context>
<context>
    <name>item_leaves.kept</name>
    <message>
        <source>Item {number} will be kept, not sent, {when}</source>
        <extracomment>An item was submitted or corrected: when its e-mail is sent. {when} is such as “in 5 s”.</extracomment>
        <translation>Item {number} will be kept, not sent, {when}</translation>
    </message>
    <message>
        <source>Item {number} is kept, not sent</source>
        <extracomment>An item was submitted or corrected: when its e-mail is sent. {when} is such as “in 5 s”.</extracomment>
        <translation>Item {number} is kept, not sent</translation>
    </message>
</context>
<context>
    <name>keep</name>
    <message>
        <source>Keep things for a shorter time? What is older is deleted for good.</source>
        <extracomment>How long things are kept: why a time is too short, and what is asked first.</extracomment>
        <translation>Keep things for a shorter time? What is older is deleted for good.</translation>
    </message>
    <message numerus="yes">
        <source>Tasks contain their item’s name and address, so keep the contents of items for at least %Ln days.</source>
        <extracomment>How long things are kept: why a time is too short, and what is asked first.</extracomment>
        <translation>
            <numerusform>Tasks contain their item’s name and address, so keep the contents of items for at least %Ln day.</numerusform>
            <numerusform>Tasks contain their item’s name and address, so keep the contents of items for at least %Ln days.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>E-mails have the contents of their item, so keep the contents of items for at least %Ln days.</source>
        <extracomment>How long things are kept: why a time is too short, and what is asked first.</extracomment>
        <translation>
            <numerusform>E-mails have the contents of their item, so keep the contents of items for at least %Ln day.</numerusform>
            <numerusform>E-mails have the contents of their item, so keep the contents of items for at least %Ln days.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Keep items for at least %Ln days, as long as their contents are kept.</source>
        <extracomment>How long things are kept: why a time is too short, and what is asked first.</extracomment>
        <translation>
            <numerusform>Keep items for at least %Ln day, as long as their contents are kept.</numerusform>
            <numerusform>Keep items for at least %Ln days, as long as their contents are kept.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>limit</name>
    <message>
        <source>limited to {rate}</source>
        <extracomment>The limit of a queue, in “next, …” or “3 ahead, …”.</extracomment>
        <translation>limited to {rate}</translation>
    </message>
    <message numerus="yes">
        <source>%Ln at a time</source>
        <extracomment>The limit of a queue, in “next, …” or “3 ahead, …”.</extracomment>
        <translation>
            <numerusform>%Ln at a time</numerusform>
            <numerusform>%Ln at a time</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>limits</name>
    <message>
        <source>{where} may be cut: it ends with a number, and without a line break. If the number is whole, add a line break.</source>
        <extracomment>Why a file with the limits of queues cannot be used, and what helps. {where} is the file.</extracomment>
        <translation>{where} may be cut: it ends with a number, and without a line break. If the number is whole, add a line break.</translation>
    </message>
    <message>
        <source>Fix it there.</source>
        <extracomment>Why a file with the limits of queues cannot be used, and what helps. {where} is the file.</extracomment>
        <translation>Fix it there.</translation>
    </message>
</context>
<context>
    <name>list</name>
    <message numerus="yes">
        <source>%Ln rows of spreadsheets are not here yet</source>
        <extracomment>Under the list of tasks that a search finds, and above it.</extracomment>
        <translation>
            <numerusform>%Ln row of spreadsheets is not here yet</numerusform>
            <numerusform>%Ln rows of spreadsheets are not here yet</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln people from before</source>
        <extracomment>People who are found, but whose e-mails are no longer in the list.</extracomment>
        <translation>
            <numerusform>%Ln person from before</numerusform>
            <numerusform>%Ln people from before</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln newer ↑</source>
        <extracomment>A button that leads to the top of the list, where new rows are.</extracomment>
        <translation>
            <numerusform>%Ln newer ↑</numerusform>
            <numerusform>%Ln newer ↑</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>list_change</name>
    <message numerus="yes">
        <source>%Ln addresses are on the list now</source>
        <extracomment>How the list “Do not send” was changed, or may be.</extracomment>
        <translation>
            <numerusform>%Ln address is on the list now</numerusform>
            <numerusform>%Ln addresses are on the list now</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln were on it before</source>
        <extracomment>How the list “Do not send” was changed, or may be.</extracomment>
        <translation>
            <numerusform>%Ln was on it before</numerusform>
            <numerusform>%Ln were on it before</numerusform>
        </translation>
    </message>
    <message>
        <source>{address} is off the list</source>
        <extracomment>How the list “Do not send” was changed, or may be.</extracomment>
        <translation>{address} is off the list</translation>
    </message>
    <message>
        <source>The person is off the list</source>
        <extracomment>How the list “Do not send” was changed, or may be.</extracomment>
        <translation>The person is off the list</translation>
    </message>
    <message>
        <source>On the list, no e-mail is sent to these addresses.</source>
        <extracomment>How the list “Do not send” was changed, or may be.</extracomment>
        <translation>On the list, no e-mail is sent to these addresses.</translation>
    </message>
    <message>
        <source>An address after an @ alone stops its whole domain.</source>
        <extracomment>How the list “Do not send” was changed, or may be.</extracomment>
        <translation>An address after an @ alone stops its whole domain.</translation>
    </message>
    <message numerus="yes">
        <source>%Ln addresses of {name} are added.</source>
        <extracomment>How the list “Do not send” was changed, or may be.</extracomment>
        <translation>
            <numerusform>%Ln address of {name} is added.</numerusform>
            <numerusform>%Ln addresses of {name} are added.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln entries are not added:</source>
        <extracomment>Lines that each name one and say why follow.</extracomment>
        <translation>
            <numerusform>%Ln entry is not added:</numerusform>
            <numerusform>%Ln entries are not added:</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>list_origin</name>
    <message>
        <source>by hand</source>
        <extracomment>How an address came onto the list “Do not send”.</extracomment>
        <translation>by hand</translation>
    </message>
    <message>
        <source>from {source}</source>
        <extracomment>How an address came onto the list “Do not send”.</extracomment>
        <translation>from {source}</translation>
    </message>
    <message>
        <source>mail server</source>
        <extracomment>How an address came onto the list “Do not send”.</extracomment>
        <translation>mail server</translation>
    </message>
    <message>
        <source>only a fingerprint is kept</source>
        <extracomment>How an address came onto the list “Do not send”.</extracomment>
        <translation>only a fingerprint is kept</translation>
    </message>
</context>
<context>
    <name>listed</name>
    <message>
        <source>Asked not to be written to</source>
        <extracomment>Why an address is on the list “Do not send”.</extracomment>
        <translation>Asked not to be written to</translation>
    </message>
    <message>
        <source>Has left</source>
        <extracomment>Why an address is on the list “Do not send”.</extracomment>
        <translation>Has left</translation>
    </message>
    <message>
        <source>The address does not exist</source>
        <extracomment>Why an address is on the list “Do not send”.</extracomment>
        <translation>The address does not exist</translation>
    </message>
    <message>
        <source>The domain of the address does not exist</source>
        <extracomment>Why an address is on the list “Do not send”.</extracomment>
        <translation>The domain of the address does not exist</translation>
    </message>
    <message>
        <source>The mailbox is closed</source>
        <extracomment>Why an address is on the list “Do not send”.</extracomment>
        <translation>The mailbox is closed</translation>
    </message>
    <message>
        <source>Forgotten</source>
        <extracomment>Why an address is on the list “Do not send”.</extracomment>
        <translation>Forgotten</translation>
    </message>
</context>
<context>
    <name>login_hint</name>
    <message>
        <source>Switch that on in its web settings, or use an app password.</source>
        <extracomment>What lets programs send by an account.</extracomment>
        <translation>Switch that on in its web settings, or use an app password.</translation>
    </message>
    <message>
        <source>Make an app password at {place}.</source>
        <extracomment>What lets programs send by an account.</extracomment>
        <translation>Make an app password at {place}.</translation>
    </message>
</context>
<context>
    <name>mail</name>
    <message>
        <source>Enter the name of the mail server.</source>
        <extracomment>What is wrong with a value of the mail settings, below its field.</extracomment>
        <translation>Enter the name of the mail server.</translation>
    </message>
    <message>
        <source>This is not a server name such as mail.example.org.</source>
        <extracomment>What is wrong with a value of the mail settings, below its field.</extracomment>
        <translation>This is not a server name such as mail.example.org.</translation>
    </message>
    <message>
        <source>A port is a number from 1 to {limit}.</source>
        <extracomment>What is wrong with a value of the mail settings, below its field.</extracomment>
        <translation>A port is a number from 1 to {limit}.</translation>
    </message>
    <message>
        <source>Enter a sender.</source>
        <extracomment>What is wrong with a value of the mail settings, below its field.</extracomment>
        <translation>Enter a sender.</translation>
    </message>
    <message>
        <source>Enter a sender: {address} is for practice only.</source>
        <extracomment>What is wrong with a value of the mail settings, below its field.</extracomment>
        <translation>Enter a sender: {address} is for practice only.</translation>
    </message>
    <message>
        <source>A password needs a user name.</source>
        <extracomment>What is wrong with a value of the mail settings, below its field.</extracomment>
        <translation>A password needs a user name.</translation>
    </message>
    <message>
        <source>This is not a valid user name.</source>
        <extracomment>What is wrong with a value of the mail settings, below its field.</extracomment>
        <translation>This is not a valid user name.</translation>
    </message>
    <message>
        <source>Type the password: the stored one is for {user} at {host}.</source>
        <extracomment>The server or the user name was changed.</extracomment>
        <translation>Type the password: the stored one is for {user} at {host}.</translation>
    </message>
    <message>
        <source>This is not a client id.</source>
        <extracomment>What is wrong with a value of the mail settings, below its field.</extracomment>
        <translation>This is not a client id.</translation>
    </message>
    <message>
        <source>This is not a tenant: its domain or its id.</source>
        <extracomment>What is wrong with a value of the mail settings, below its field.</extracomment>
        <translation>This is not a tenant: its domain or its id.</translation>
    </message>
    <message>
        <source>Write days and times as in “Mon-Sat 8:00-18:00”, or nothing.</source>
        <extracomment>What is wrong with a value of the mail settings, below its field.</extracomment>
        <translation>Write days and times as in “Mon-Sat 8:00-18:00”, or nothing.</translation>
    </message>
    <message>
        <source>The sending hours end before they begin, or after 24:00.</source>
        <extracomment>What is wrong with a value of the mail settings, below its field.</extracomment>
        <translation>The sending hours end before they begin, or after 24:00.</translation>
    </message>
    <message>
        <source>Choose where to sign in: “microsoft” or “google”.</source>
        <extracomment>What is wrong with a value of the mail settings, below its field.</extracomment>
        <translation>Choose where to sign in: “microsoft” or “google”.</translation>
    </message>
</context>
<context>
    <name>move</name>
    <message>
        <source>The database has tasks or files already: name an empty one.</source>
        <extracomment>Why the tasks of a folder are not moved to a database server.</extracomment>
        <translation>The database has tasks or files already: name an empty one.</translation>
    </message>
    <message>
        <source>The database has the tasks of this folder already, and they have changed since, here or there. Nothing was changed.</source>
        <extracomment>Why the tasks of a folder are not moved to a database server.</extracomment>
        <translation>The database has the tasks of this folder already, and they have changed since, here or there. Nothing was changed.</translation>
    </message>
    <message>
        <source>The rows of {table} differ after they were brought over. Nothing was changed.</source>
        <extracomment>Why the tasks of a folder are not moved to a database server.</extracomment>
        <translation>The rows of {table} differ after they were brought over. Nothing was changed.</translation>
    </message>
    <message>
        <source>The move was cut short: {why}. Run it again.</source>
        <extracomment>Why the tasks of a folder are not moved to a database server.</extracomment>
        <translation>The move was cut short: {why}. Run it again.</translation>
    </message>
    <message>
        <source>The tasks of {folder} have already been moved to a database server.</source>
        <extracomment>Why the tasks of a folder are not moved to a database server.</extracomment>
        <translation>The tasks of {folder} have already been moved to a database server.</translation>
    </message>
    <message>
        <source>{folder} has no tasks to move.</source>
        <extracomment>Why the tasks of a folder are not moved to a database server.</extracomment>
        <translation>{folder} has no tasks to move.</translation>
    </message>
    <message>
        <source>{folder} is in use: end process {holder} first.</source>
        <extracomment>Why the tasks of a folder are not moved to a database server.</extracomment>
        <translation>{folder} is in use: end process {holder} first.</translation>
    </message>
</context>
<context>
    <name>move.unknown</name>
    <message>
        <source>{folder} is in use: end what runs its tasks first.</source>
        <extracomment>Why the tasks of a folder are not moved to a database server.</extracomment>
        <translation>{folder} is in use: end what runs its tasks first.</translation>
    </message>
</context>
<context>
    <name>no_copy</name>
    <message>
        <source>Task {task_id} sends no e-mail.</source>
        <extracomment>What is not there, or cannot be shown.</extracomment>
        <translation>Task {task_id} sends no e-mail.</translation>
    </message>
    <message>
        <source>No e-mail of task {task_id} is kept.</source>
        <extracomment>What is not there, or cannot be shown.</extracomment>
        <translation>No e-mail of task {task_id} is kept.</translation>
    </message>
    <message>
        <source>This e-mail cannot be shown: {why}</source>
        <extracomment>What is not there, or cannot be shown.</extracomment>
        <translation>This e-mail cannot be shown: {why}</translation>
    </message>
    <message>
        <source>The spreadsheet of batch {batch} is not kept.</source>
        <extracomment>What is not there, or cannot be shown.</extracomment>
        <translation>The spreadsheet of batch {batch} is not kept.</translation>
    </message>
    <message>
        <source>Batch {batch} has no file “{file}”.</source>
        <extracomment>What is not there, or cannot be shown.</extracomment>
        <translation>Batch {batch} has no file “{file}”.</translation>
    </message>
    <message>
        <source>This file cannot be read as e-mails. Save the e-mails as .eml or .mbox.</source>
        <extracomment>What is not there, or cannot be shown.</extracomment>
        <translation>This file cannot be read as e-mails. Save the e-mails as .eml or .mbox.</translation>
    </message>
    <message>
        <source>Outlook's .msg cannot be read. Open Outlook on the web and download the e-mail there: that makes an .eml.</source>
        <extracomment>What is not there, or cannot be shown.</extracomment>
        <translation>Outlook's .msg cannot be read. Open Outlook on the web and download the e-mail there: that makes an .eml.</translation>
    </message>
</context>
<context>
    <name>none</name>
    <message>
        <source>No rows.</source>
        <extracomment>What a list says that shows nothing.</extracomment>
        <translation>No rows.</translation>
    </message>
    <message>
        <source>There are no rows in this group.</source>
        <extracomment>What a list says that shows nothing.</extracomment>
        <translation>There are no rows in this group.</translation>
    </message>
    <message>
        <source>The rows are shown as soon as Sendoff answers.</source>
        <extracomment>What a list says that shows nothing.</extracomment>
        <translation>The rows are shown as soon as Sendoff answers.</translation>
    </message>
    <message>
        <source>No items yet.</source>
        <extracomment>What a list says that shows nothing.</extracomment>
        <translation>No items yet.</translation>
    </message>
    <message>
        <source>Items cannot be searched by {words}. Go back to the tasks for that.</source>
        <extracomment>What a list says that shows nothing.</extracomment>
        <translation>Items cannot be searched by {words}. Go back to the tasks for that.</translation>
    </message>
    <message>
        <source>No batches yet.</source>
        <extracomment>What a list says that shows nothing.</extracomment>
        <translation>No batches yet.</translation>
    </message>
    <message>
        <source>Nothing is left here.</source>
        <extracomment>What a list says that shows nothing.</extracomment>
        <translation>Nothing is left here.</translation>
    </message>
    <message>
        <source>“{name}” has no tasks now.</source>
        <extracomment>What a list says that shows nothing.</extracomment>
        <translation>“{name}” has no tasks now.</translation>
    </message>
    <message>
        <source>“{name}” has no tasks in this group.</source>
        <extracomment>What a list says that shows nothing.</extracomment>
        <translation>“{name}” has no tasks in this group.</translation>
    </message>
    <message>
        <source>Nothing in “{name}” matches “{text}”.</source>
        <extracomment>What a list says that shows nothing.</extracomment>
        <translation>Nothing in “{name}” matches “{text}”.</translation>
    </message>
    <message>
        <source>There is no state “{state}”. The filters above have the states.</source>
        <extracomment>What a list says that shows nothing.</extracomment>
        <translation>There is no state “{state}”. The filters above have the states.</translation>
    </message>
    <message>
        <source>“state:{state}” cannot be combined with these other states.</source>
        <extracomment>What a list says that shows nothing.</extracomment>
        <translation>“state:{state}” cannot be combined with these other states.</translation>
    </message>
</context>
<context>
    <name>notice</name>
    <message>
        <source>Everything has been paused since {since}</source>
        <extracomment>Since when a queue waits for its server, or is paused. {text} is the error.</extracomment>
        <translation>Everything has been paused since {since}</translation>
    </message>
    <message>
        <source>The queue {queue} has been paused since {since}</source>
        <extracomment>Since when a queue waits for its server, or is paused. {text} is the error.</extracomment>
        <translation>The queue {queue} has been paused since {since}</translation>
    </message>
    <message>
        <source>The queue {queue} has had no connection since {since}: {text}</source>
        <extracomment>Since when a queue waits for its server, or is paused. {text} is the error.</extracomment>
        <translation>The queue {queue} has had no connection since {since}: {text}</translation>
    </message>
    <message>
        <source>The queue {queue} reached its server's limit at {since}: {text}</source>
        <extracomment>Since when a queue waits for its server, or is paused. {text} is the error.</extracomment>
        <translation>The queue {queue} reached its server's limit at {since}: {text}</translation>
    </message>
    <message>
        <source>Sending and everything else has been paused since {since}</source>
        <extracomment>A notice about a queue, above the list. {text} is the error.</extracomment>
        <translation>Sending and everything else has been paused since {since}</translation>
    </message>
    <message>
        <source>The queue {queue} is on hold: {text}</source>
        <extracomment>A notice about a queue, above the list. {text} is the error.</extracomment>
        <translation>The queue {queue} is on hold: {text}</translation>
    </message>
    <message>
        <source>Sending is on hold: {text}</source>
        <extracomment>A notice about a queue, above the list. {text} is the error.</extracomment>
        <translation>Sending is on hold: {text}</translation>
    </message>
    <message>
        <source>Sending is on hold: wrong login, or programs may not send</source>
        <extracomment>A notice about a queue, above the list. {text} is the error.</extracomment>
        <translation>Sending is on hold: wrong login, or programs may not send</translation>
    </message>
</context>
<context>
    <name>older</name>
    <message>
        <source>They are of the letter “{name}”.</source>
        <extracomment>About e-mails that keep the old text of a letter, below the sentence that says how many.</extracomment>
        <translation>They are of the letter “{name}”.</translation>
    </message>
    <message>
        <source>They are of the letter “{name}”. The first one leaves {when}.</source>
        <extracomment>{when}: “in 4 min”</extracomment>
        <translation>They are of the letter “{name}”. The first one leaves {when}.</translation>
    </message>
    <message numerus="yes">
        <source>%Ln of them cannot be made with the new one: {why}</source>
        <extracomment>About e-mails that keep the old text of a letter, below the sentence that says how many.</extracomment>
        <translation>
            <numerusform>%Ln of them cannot be made with the new one: {why}</numerusform>
            <numerusform>%Ln of them cannot be made with the new one: {why}</numerusform>
        </translation>
    </message>
    <message>
        <source>no “{fields}”.</source>
        <extracomment>About e-mails that keep the old text of a letter, below the sentence that says how many.</extracomment>
        <translation>no “{fields}”.</translation>
    </message>
    <message>
        <source>There may be more.</source>
        <extracomment>About e-mails that keep the old text of a letter, below the sentence that says how many.</extracomment>
        <translation>There may be more.</translation>
    </message>
</context>
<context>
    <name>outbox</name>
    <message numerus="yes">
        <source>Saved. %Ln items or corrections will be submitted when Sendoff responds again.</source>
        <extracomment>Changes that the window asks Sendoff for while Sendoff does not answer.</extracomment>
        <translation>
            <numerusform>Saved. %Ln item or correction will be submitted when Sendoff responds again.</numerusform>
            <numerusform>Saved. %Ln items or corrections will be submitted when Sendoff responds again.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Waiting for Sendoff: %Ln changes</source>
        <extracomment>Changes that the window asks Sendoff for while Sendoff does not answer.</extracomment>
        <translation>
            <numerusform>Waiting for Sendoff: %Ln change</numerusform>
            <numerusform>Waiting for Sendoff: %Ln changes</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>page</name>
    <message>
        <source>Tasks</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Tasks</translation>
    </message>
    <message>
        <source>Causes</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Causes</translation>
    </message>
    <message>
        <source>Queues</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Queues</translation>
    </message>
    <message>
        <source>Schedules</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Schedules</translation>
    </message>
    <message>
        <source>Log</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Log</translation>
    </message>
    <message>
        <source>Views</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Views</translation>
    </message>
    <message>
        <source>Live</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Live</translation>
    </message>
    <message>
        <source>Live, watching only</source>
        <extracomment>Who looks may change nothing.</extracomment>
        <translation>Live, watching only</translation>
    </message>
    <message>
        <source>No connection</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>No connection</translation>
    </message>
    <message>
        <source>No connection to {title} since {when}. What you see is from then. {why}</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>No connection to {title} since {when}. What you see is from then. {why}</translation>
    </message>
    <message>
        <source>Trying again.</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Trying again.</translation>
    </message>
    <message>
        <source>This page is not open to you.</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>This page is not open to you.</translation>
    </message>
    <message>
        <source>Sign in to the program that it belongs to.</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Sign in to the program that it belongs to.</translation>
    </message>
    <message>
        <source>Open it again from the menu of the window.</source>
        <extracomment>A window has opened this page in the browser.</extracomment>
        <translation>Open it again from the menu of the window.</translation>
    </message>
    <message>
        <source>Token</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Token</translation>
    </message>
    <message>
        <source>An app prints one in its terminal when it starts. “{makes}” makes one that stays.</source>
        <extracomment>About a token; {makes} is a command.</extracomment>
        <translation>An app prints one in its terminal when it starts. “{makes}” makes one that stays.</translation>
    </message>
    <message>
        <source>Sign in</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Sign in</translation>
    </message>
    <message>
        <source>Sign out</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Sign out</translation>
    </message>
    <message>
        <source>Close</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Close</translation>
    </message>
    <message>
        <source>Back to the list</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Back to the list</translation>
    </message>
    <message>
        <source>a second</source>
        <extracomment>After the number of tasks that end.</extracomment>
        <translation>a second</translation>
    </message>
    <message>
        <source>Tasks that ended in each minute of the last hour, at most {n}</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Tasks that ended in each minute of the last hour, at most {n}</translation>
    </message>
    <message>
        <source>Search</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Search</translation>
    </message>
    <message>
        <source>Search tasks, arguments, errors</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Search tasks, arguments, errors</translation>
    </message>
    <message>
        <source>All</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>All</translation>
    </message>
    <message>
        <source>Seen</source>
        <extracomment>Tasks that failed or are uncertain, and were marked as seen.</extracomment>
        <translation>Seen</translation>
    </message>
    <message>
        <source>To</source>
        <extracomment>Who an e-mail goes to.</extracomment>
        <translation>To</translation>
    </message>
    <message>
        <source>Need you</source>
        <extracomment>A filter: tasks that a person has to look at.</extracomment>
        <translation>Need you</translation>
    </message>
    <message>
        <source>Under way</source>
        <extracomment>A filter: tasks that run or start by themselves.</extracomment>
        <translation>Under way</translation>
    </message>
    <message>
        <source>Marked as done</source>
        <extracomment>A filter: tasks of which a person said that they were done.</extracomment>
        <translation>Marked as done</translation>
    </message>
    <message>
        <source>More</source>
        <extracomment>It shows the filters that are used more rarely.</extracomment>
        <translation>More</translation>
    </message>
    <message numerus="yes">
        <source>%Ln newer</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>
            <numerusform>%Ln newer</numerusform>
            <numerusform>%Ln newer</numerusform>
        </translation>
    </message>
    <message>
        <source>State</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>State</translation>
    </message>
    <message>
        <source>Task</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Task</translation>
    </message>
    <message>
        <source>Queue</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Queue</translation>
    </message>
    <message>
        <source>Attempt</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Attempt</translation>
    </message>
    <message>
        <source>When</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>When</translation>
    </message>
    <message>
        <source>Took</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Took</translation>
    </message>
    <message>
        <source>Nothing found</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Nothing found</translation>
    </message>
    <message>
        <source>Show all tasks</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Show all tasks</translation>
    </message>
    <message>
        <source>No tasks yet</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>No tasks yet</translation>
    </message>
    <message>
        <source>A route adds one, and it appears here.</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>A route adds one, and it appears here.</translation>
    </message>
    <message>
        <source>Added</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Added</translation>
    </message>
    <message>
        <source>{queue}, {lane} lane</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>{queue}, {lane} lane</translation>
    </message>
    <message>
        <source>Repeats</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Repeats</translation>
    </message>
    <message>
        <source>Repeated by</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Repeated by</translation>
    </message>
    <message>
        <source>Steps done</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Steps done</translation>
    </message>
    <message>
        <source>Waited for by</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Waited for by</translation>
    </message>
    <message>
        <source>Attempts</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Attempts</translation>
    </message>
    <message>
        <source>the same</source>
        <extracomment>The same error as in the attempt before.</extracomment>
        <translation>the same</translation>
    </message>
    <message>
        <source>Traceback</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Traceback</translation>
    </message>
    <message numerus="yes">
        <source>%Ln calls of libraries</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>
            <numerusform>%Ln call of a library</numerusform>
            <numerusform>%Ln calls of libraries</numerusform>
        </translation>
    </message>
    <message>
        <source>Arguments</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Arguments</translation>
    </message>
    <message>
        <source>Result</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Result</translation>
    </message>
    <message numerus="yes">
        <source>%Ln lines</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>
            <numerusform>%Ln line</numerusform>
            <numerusform>%Ln lines</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln tasks have this cause.</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>
            <numerusform>%Ln task has this cause.</numerusform>
            <numerusform>%Ln tasks have this cause.</numerusform>
        </translation>
    </message>
    <message>
        <source>Show the cause</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Show the cause</translation>
    </message>
    <message>
        <source>Cause</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Cause</translation>
    </message>
    <message>
        <source>First</source>
        <extracomment>When a cause was met first.</extracomment>
        <translation>First</translation>
    </message>
    <message>
        <source>Last</source>
        <extracomment>When it was last.</extracomment>
        <translation>Last</translation>
    </message>
    <message>
        <source>What helps</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>What helps</translation>
    </message>
    <message>
        <source>Nothing failed, nothing waits for you</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Nothing failed, nothing waits for you</translation>
    </message>
    <message>
        <source>Show the queue</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Show the queue</translation>
    </message>
    <message numerus="yes">
        <source>Show its %Ln tasks</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>
            <numerusform>Show its task</numerusform>
            <numerusform>Show its %Ln tasks</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>It was retried {span} ago; %Ln tasks have failed since.</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>
            <numerusform>It was retried {span} ago; %Ln task has failed since.</numerusform>
            <numerusform>It was retried {span} ago; %Ln tasks have failed since.</numerusform>
        </translation>
    </message>
    <message>
        <source>Oldest waits</source>
        <extracomment>How long the first queued task of a queue has waited.</extracomment>
        <translation>Oldest waits</translation>
    </message>
    <message>
        <source>Limits</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Limits</translation>
    </message>
    <message>
        <source>Limits are set in {file} of the data folder, or by {option} in the code.</source>
        <extracomment>Of queues.</extracomment>
        <translation>Limits are set in {file} of the data folder, or by {option} in the code.</translation>
    </message>
    <message>
        <source>Actions</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Actions</translation>
    </message>
    <message>
        <source>Paused</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Paused</translation>
    </message>
    <message>
        <source>Paused since {when}</source>
        <extracomment>Of a queue. {when}: “14:05”</extracomment>
        <translation>Paused since {when}</translation>
    </message>
    <message numerus="yes">
        <source>%Ln tasks wait and start when you resume</source>
        <extracomment>Of a paused queue.</extracomment>
        <translation>
            <numerusform>%Ln task waits and starts when you resume</numerusform>
            <numerusform>%Ln tasks wait and start when you resume</numerusform>
        </translation>
    </message>
    <message>
        <source>Its times are skipped</source>
        <extracomment>Of a paused schedule, in place of its next run.</extracomment>
        <translation>Its times are skipped</translation>
    </message>
    <message>
        <source>{n} of {most}</source>
        <extracomment>How much of a limit is used.</extracomment>
        <translation>{n} of {most}</translation>
    </message>
    <message>
        <source>Processes</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Processes</translation>
    </message>
    <message>
        <source>The process that decides</source>
        <extracomment>The name of the first process; others are workers.</extracomment>
        <translation>The process that decides</translation>
    </message>
    <message>
        <source>{n} of {most} in {lane}</source>
        <extracomment>Running tasks, at most, in a lane.</extracomment>
        <translation>{n} of {most} in {lane}</translation>
    </message>
    <message>
        <source>Schedule</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Schedule</translation>
    </message>
    <message>
        <source>Next</source>
        <extracomment>The next run of a schedule.</extracomment>
        <translation>Next</translation>
    </message>
    <message>
        <source>Every {span}</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Every {span}</translation>
    </message>
    <message numerus="yes">
        <source>Every %Ln min</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>
            <numerusform>Every minute</numerusform>
            <numerusform>Every %Ln min</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Every %Ln h at :{minute}</source>
        <extracomment>{minute}: “05”, after a full hour.</extracomment>
        <translation>
            <numerusform>Every hour at :{minute}</numerusform>
            <numerusform>Every %Ln h at :{minute}</numerusform>
        </translation>
    </message>
    <message>
        <source>Every day at {time}</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Every day at {time}</translation>
    </message>
    <message>
        <source>{days} at {time}</source>
        <extracomment>{days}: “Monday to Friday”</extracomment>
        <translation>{days} at {time}</translation>
    </message>
    <message>
        <source>{first} to {last}</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>{first} to {last}</translation>
    </message>
    <message>
        <source>Day {day} of each month at {time}</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Day {day} of each month at {time}</translation>
    </message>
    <message>
        <source>{date} each year at {time}</source>
        <extracomment>{date}: “1 January”</extracomment>
        <translation>{date} each year at {time}</translation>
    </message>
    <message>
        <source>Its last runs</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Its last runs</translation>
    </message>
    <message>
        <source>Nothing runs by itself</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Nothing runs by itself</translation>
    </message>
    <message>
        <source>Times are yours: {zone}.</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Times are yours: {zone}.</translation>
    </message>
    <message>
        <source>Run a task</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Run a task</translation>
    </message>
    <message>
        <source>Run again with other arguments</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Run again with other arguments</translation>
    </message>
    <message>
        <source>What you do not change stays as in {task}.</source>
        <extracomment>{task}: “#88”</extracomment>
        <translation>What you do not change stays as in {task}.</translation>
    </message>
    <message>
        <source>Choose one</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Choose one</translation>
    </message>
    <message>
        <source>Yes</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Yes</translation>
    </message>
    <message>
        <source>No</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>No</translation>
    </message>
    <message>
        <source>None</source>
        <extracomment>No value for an argument.</extracomment>
        <translation>None</translation>
    </message>
    <message>
        <source>Kept</source>
        <extracomment>An argument that is not shown stays as it is.</extracomment>
        <translation>Kept</translation>
    </message>
    <message>
        <source>It is not shown. What you type replaces it.</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>It is not shown. What you type replaces it.</translation>
    </message>
    <message>
        <source>It takes no arguments.</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>It takes no arguments.</translation>
    </message>
    <message>
        <source>More arguments</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>More arguments</translation>
    </message>
    <message>
        <source>JSON, such as {example}</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>JSON, such as {example}</translation>
    </message>
    <message>
        <source>This is not JSON: {why}</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>This is not JSON: {why}</translation>
    </message>
    <message>
        <source>Who</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Who</translation>
    </message>
    <message>
        <source>What</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>What</translation>
    </message>
    <message>
        <source>Filter the log</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Filter the log</translation>
    </message>
    <message>
        <source>Name, verb or task number; since:7d</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Name, verb or task number; since:7d</translation>
    </message>
    <message>
        <source>Export</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Export</translation>
    </message>
    <message>
        <source>The log cannot be exported now.</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>The log cannot be exported now.</translation>
    </message>
    <message>
        <source>Nobody has asked for anything yet</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Nobody has asked for anything yet</translation>
    </message>
    <message>
        <source>Show more</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>Show more</translation>
    </message>
    <message>
        <source>and more</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>and more</translation>
    </message>
    <message>
        <source>now</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>now</translation>
    </message>
    <message>
        <source>in {span}</source>
        <extracomment>{span}: “8 min”</extracomment>
        <translation>in {span}</translation>
    </message>
    <message>
        <source>today</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>today</translation>
    </message>
    <message>
        <source>yesterday</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>yesterday</translation>
    </message>
    <message>
        <source>tomorrow</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>tomorrow</translation>
    </message>
    <message>
        <source>{n} s</source>
        <extracomment>Seconds.</extracomment>
        <translation>{n} s</translation>
    </message>
    <message>
        <source>{n} min</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>{n} min</translation>
    </message>
    <message>
        <source>{n} h</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>{n} h</translation>
    </message>
    <message numerus="yes">
        <source>%Ln days</source>
        <extracomment>On the page in a browser, and nowhere else.</extracomment>
        <translation>
            <numerusform>%Ln day</numerusform>
            <numerusform>%Ln days</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>page_call</name>
    <message>
        <source>Only the page itself may call this.</source>
        <extracomment>Why a call of the page is refused. The names in code stay as they are.</extracomment>
        <translation>Only the page itself may call this.</translation>
    </message>
    <message>
        <source>Calls are not accepted from {address}. Name it in origins= if the page is there.</source>
        <extracomment>Why a call of the page is refused. The names in code stay as they are.</extracomment>
        <translation>Calls are not accepted from {address}. Name it in origins= if the page is there.</translation>
    </message>
    <message>
        <source>You may only view this page.</source>
        <extracomment>Why a call of the page is refused. The names in code stay as they are.</extracomment>
        <translation>You may only view this page.</translation>
    </message>
    <message>
        <source>You may not run tasks on this page.</source>
        <extracomment>Why a call of the page is refused. The names in code stay as they are.</extracomment>
        <translation>You may not run tasks on this page.</translation>
    </message>
    <message>
        <source>The process that runs the tasks does not respond. Trying again.</source>
        <extracomment>Why a call of the page is refused. The names in code stay as they are.</extracomment>
        <translation>The process that runs the tasks does not respond. Trying again.</translation>
    </message>
    <message>
        <source>These tasks have no monitor: install(…, monitor=True, data_dir=…).</source>
        <extracomment>Why a call of the page is refused. The names in code stay as they are.</extracomment>
        <translation>These tasks have no monitor: install(…, monitor=True, data_dir=…).</translation>
    </message>
    <message>
        <source>You cannot search in fields that are hidden from you.</source>
        <extracomment>Why a call of the page is refused. The names in code stay as they are.</extracomment>
        <translation>You cannot search in fields that are hidden from you.</translation>
    </message>
    <message>
        <source>This call cannot be passed on.</source>
        <extracomment>Why a call of the page is refused. The names in code stay as they are.</extracomment>
        <translation>This call cannot be passed on.</translation>
    </message>
    <message>
        <source>This call is not available on the page.</source>
        <extracomment>Why a call of the page is refused. The names in code stay as they are.</extracomment>
        <translation>This call is not available on the page.</translation>
    </message>
    <message>
        <source>This token is not valid. It may have expired: ask for a new one.</source>
        <extracomment>Why a call of the page is refused. The names in code stay as they are.</extracomment>
        <translation>This token is not valid. It may have expired: ask for a new one.</translation>
    </message>
    <message>
        <source>This address was used before, or is too old. Open the page again from the menu of the window.</source>
        <extracomment>Why a call of the page is refused. The names in code stay as they are.</extracomment>
        <translation>This address was used before, or is too old. Open the page again from the menu of the window.</translation>
    </message>
    <message>
        <source>The address of the page in the browser was opened a second time. It opened nothing, and the page that it had opened is closed.</source>
        <extracomment>Why a call of the page is refused. The names in code stay as they are.</extracomment>
        <translation>The address of the page in the browser was opened a second time. It opened nothing, and the page that it had opened is closed.</translation>
    </message>
    <message>
        <source>A body has at most {size} bytes.</source>
        <extracomment>Why a call of the page is refused. The names in code stay as they are.</extracomment>
        <translation>A body has at most {size} bytes.</translation>
    </message>
</context>
<context>
    <name>password</name>
    <message>
        <source>{why} Unlock or install one, or start Sendoff with {variable} set.</source>
        <extracomment>Why a password cannot be read or kept. {file} is the file of passwords.</extracomment>
        <translation>{why} Unlock or install one, or start Sendoff with {variable} set.</translation>
    </message>
    <message>
        <source>{file} is not used: {why}.</source>
        <extracomment>Why a password cannot be read or kept. {file} is the file of passwords.</extracomment>
        <translation>{file} is not used: {why}.</translation>
    </message>
    <message>
        <source>{text} Correct that, or delete the file and type the password in the mail settings.</source>
        <extracomment>Why a password cannot be read or kept. {file} is the file of passwords.</extracomment>
        <translation>{text} Correct that, or delete the file and type the password in the mail settings.</translation>
    </message>
    <message>
        <source>{file} is damaged. Delete it, and type the password in the mail settings.</source>
        <extracomment>Why a password cannot be read or kept. {file} is the file of passwords.</extracomment>
        <translation>{file} is damaged. Delete it, and type the password in the mail settings.</translation>
    </message>
    <message>
        <source>The package keyring is not installed.</source>
        <extracomment>Why a password cannot be read or kept. {file} is the file of passwords.</extracomment>
        <translation>The package keyring is not installed.</translation>
    </message>
    <message>
        <source>The keyring does not answer ({why}).</source>
        <extracomment>Why a password cannot be read or kept. {file} is the file of passwords.</extracomment>
        <translation>The keyring does not answer ({why}).</translation>
    </message>
    <message>
        <source>The keyring is locked. Unlock it in its own program, or quit Sendoff and open it again.</source>
        <extracomment>Why a password cannot be read or kept. {file} is the file of passwords.</extracomment>
        <translation>The keyring is locked. Unlock it in its own program, or quit Sendoff and open it again.</translation>
    </message>
    <message>
        <source>This system has no keyring to keep the password in.</source>
        <extracomment>Why a password cannot be read or kept. {file} is the file of passwords.</extracomment>
        <translation>This system has no keyring to keep the password in.</translation>
    </message>
</context>
<context>
    <name>pins</name>
    <message numerus="yes">
        <source>%Ln items are not sent yet</source>
        <extracomment>Many pinned rows above the list, as one.</extracomment>
        <translation>
            <numerusform>%Ln item is not sent yet</numerusform>
            <numerusform>%Ln items are not sent yet</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln corrections are not sent yet</source>
        <extracomment>Many pinned rows above the list, as one.</extracomment>
        <translation>
            <numerusform>%Ln correction is not sent yet</numerusform>
            <numerusform>%Ln corrections are not sent yet</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln spreadsheets</source>
        <extracomment>Many pinned rows above the list, as one.</extracomment>
        <translation>
            <numerusform>%Ln spreadsheet</numerusform>
            <numerusform>%Ln spreadsheets</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln drafts</source>
        <extracomment>Many pinned rows above the list, as one.</extracomment>
        <translation>
            <numerusform>%Ln draft</numerusform>
            <numerusform>%Ln drafts</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln more</source>
        <extracomment>Many pinned rows above the list, as one.</extracomment>
        <translation>
            <numerusform>%Ln more</numerusform>
            <numerusform>%Ln more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>practice</name>
    <message numerus="yes">
        <source>%Ln e-mails were submitted for real and are not sent yet. They can wait until you send for real again, or be kept here as practice.</source>
        <extracomment>Asked when practice mode is to begin.</extracomment>
        <translation>
            <numerusform>%Ln e-mail was submitted for real and is not sent yet. It can wait until you send for real again, or be kept here as practice.</numerusform>
            <numerusform>%Ln e-mails were submitted for real and are not sent yet. They can wait until you send for real again, or be kept here as practice.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>process</name>
    <message>
        <source>The task's process could no longer be understood and was ended.</source>
        <extracomment>How the process that ran a task ended.</extracomment>
        <translation>The task's process could no longer be understood and was ended.</translation>
    </message>
    <message>
        <source>The task's process was not ready within {within} s and was ended.</source>
        <extracomment>How the process that ran a task ended.</extracomment>
        <translation>The task's process was not ready within {within} s and was ended.</translation>
    </message>
    <message>
        <source>Its process first imports the program's main module, in which a start of the app or of a server belongs under `if __name__ == "__main__":`.</source>
        <extracomment>How the process that ran a task ended.</extracomment>
        <translation>Its process first imports the program's main module, in which a start of the app or of a server belongs under `if __name__ == "__main__":`.</translation>
    </message>
    <message>
        <source>The program was updated, and starts no more processes until it is restarted.</source>
        <extracomment>How the process that ran a task ended.</extracomment>
        <translation>The program was updated, and starts no more processes until it is restarted.</translation>
    </message>
    <message>
        <source>The task's process ended itself with exit code {code}.</source>
        <extracomment>How the process that ran a task ended.</extracomment>
        <translation>The task's process ended itself with exit code {code}.</translation>
    </message>
    <message>
        <source>The task's process was ended by signal 9 (SIGKILL), as the system does when memory runs out.</source>
        <extracomment>How the process that ran a task ended.</extracomment>
        <translation>The task's process was ended by signal 9 (SIGKILL), as the system does when memory runs out.</translation>
    </message>
    <message>
        <source>The task's process was ended by signal {number} ({name}).</source>
        <extracomment>How the process that ran a task ended.</extracomment>
        <translation>The task's process was ended by signal {number} ({name}).</translation>
    </message>
</context>
<context>
    <name>progress</name>
    <message>
        <source>{percent} %</source>
        <extracomment>How much of a running task is done.</extracomment>
        <translation>{percent} %</translation>
    </message>
    <message>
        <source>waiting for the server's answer</source>
        <extracomment>What a running e-mail does.</extracomment>
        <translation>waiting for the server's answer</translation>
    </message>
</context>
<context>
    <name>question</name>
    <message numerus="yes">
        <source>%Ln e-mails were sent already. Send them a second time?</source>
        <extracomment>What a person is asked before something is done a second time or for good.</extracomment>
        <translation>
            <numerusform>%Ln e-mail was sent already. Send it a second time?</numerusform>
            <numerusform>%Ln e-mails were sent already. Send them a second time?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln uncertain e-mails may have arrived. Send them once more? Those that did arrive will arrive twice.</source>
        <extracomment>What a person is asked before something is done a second time or for good.</extracomment>
        <translation>
            <numerusform>This uncertain e-mail may have arrived. Send it once more? If it did arrive, it will arrive twice.</numerusform>
            <numerusform>%Ln uncertain e-mails may have arrived. Send them once more? Those that did arrive will arrive twice.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln uncertain tasks may have done their work. Run them once more? What they did is then done twice.</source>
        <extracomment>What a person is asked before something is done a second time or for good.</extracomment>
        <translation>
            <numerusform>This uncertain task may have done its work. Run it once more? What it did is then done twice.</numerusform>
            <numerusform>%Ln uncertain tasks may have done their work. Run them once more? What they did is then done twice.</numerusform>
        </translation>
    </message>
    <message>
        <source>Task {task} was made to send this e-mail again. Send it once more?</source>
        <extracomment>What a person is asked before something is done a second time or for good.</extracomment>
        <translation>Task {task} was made to send this e-mail again. Send it once more?</translation>
    </message>
    <message numerus="yes">
        <source>Remove %Ln finished tasks for good?</source>
        <extracomment>What a person is asked before something is done a second time or for good.</extracomment>
        <translation>
            <numerusform>Remove %Ln finished task for good?</numerusform>
            <numerusform>Remove %Ln finished tasks for good?</numerusform>
        </translation>
    </message>
    <message>
        <source>Only the tasks that search and filters show are removed.</source>
        <extracomment>What a person is asked before something is done a second time or for good.</extracomment>
        <translation>Only the tasks that search and filters show are removed.</translation>
    </message>
    <message>
        <source>Items stay, with whether people were informed; so do batches.</source>
        <extracomment>What a person is asked before something is done a second time or for good.</extracomment>
        <translation>Items stay, with whether people were informed; so do batches.</translation>
    </message>
    <message>
        <source>E-mails that were only kept in practice mode, not sent, are removed too.</source>
        <extracomment>What a person is asked before something is done a second time or for good.</extracomment>
        <translation>E-mails that were only kept in practice mode, not sent, are removed too.</translation>
    </message>
    <message>
        <source>Failed, uncertain and cancelled ones stay: their recipients may not have been informed.</source>
        <extracomment>What a person is asked before something is done a second time or for good.</extracomment>
        <translation>Failed, uncertain and cancelled ones stay: their recipients may not have been informed.</translation>
    </message>
    <message>
        <source>More tasks match than this count. The action includes all of them.</source>
        <extracomment>What a person is asked before something is done a second time or for good.</extracomment>
        <translation>More tasks match than this count. The action includes all of them.</translation>
    </message>
</context>
<context>
    <name>queue</name>
    <message>
        <source>Mail</source>
        <extracomment>The name of a queue.</extracomment>
        <translation>Mail</translation>
    </message>
</context>
<context>
    <name>queue_hold</name>
    <message>
        <source>{queue} is still on hold.</source>
        <extracomment>What happened to a queue on hold, and what ends that. {queue} is the name of a queue, {server} its server.</extracomment>
        <translation>{queue} is still on hold.</translation>
    </message>
    <message>
        <source>{queue} was tried and is still on hold.</source>
        <extracomment>What happened to a queue on hold, and what ends that. {queue} is the name of a queue, {server} its server.</extracomment>
        <translation>{queue} was tried and is still on hold.</translation>
    </message>
    <message>
        <source>Trying {server}…</source>
        <extracomment>What happened to a queue on hold, and what ends that. {queue} is the name of a queue, {server} its server.</extracomment>
        <translation>Trying {server}…</translation>
    </message>
    <message>
        <source>{server} still cannot be reached.</source>
        <extracomment>What happened to a queue on hold, and what ends that. {queue} is the name of a queue, {server} its server.</extracomment>
        <translation>{server} still cannot be reached.</translation>
    </message>
    <message>
        <source>{server} still takes no more for now.</source>
        <extracomment>What happened to a queue on hold, and what ends that. {queue} is the name of a queue, {server} its server.</extracomment>
        <translation>{server} still takes no more for now.</translation>
    </message>
    <message>
        <source>Sendoff tries again at {time}.</source>
        <extracomment>What happened to a queue on hold, and what ends that. {queue} is the name of a queue, {server} its server.</extracomment>
        <translation>Sendoff tries again at {time}.</translation>
    </message>
    <message>
        <source>Sign in in the mail settings.</source>
        <extracomment>What happened to a queue on hold, and what ends that. {queue} is the name of a queue, {server} its server.</extracomment>
        <translation>Sign in in the mail settings.</translation>
    </message>
    <message>
        <source>Save working mail settings, or press Try now at one of its tasks.</source>
        <extracomment>What happened to a queue on hold, and what ends that. {queue} is the name of a queue, {server} its server.</extracomment>
        <translation>Save working mail settings, or press Try now at one of its tasks.</translation>
    </message>
    <message>
        <source>Fix the problem, then press Try now at one of its tasks.</source>
        <extracomment>What happened to a queue on hold, and what ends that. {queue} is the name of a queue, {server} its server.</extracomment>
        <translation>Fix the problem, then press Try now at one of its tasks.</translation>
    </message>
    <message>
        <source>the mail server</source>
        <extracomment>What happened to a queue on hold, and what ends that. {queue} is the name of a queue, {server} its server.</extracomment>
        <translation>the mail server</translation>
    </message>
    <message>
        <source>the server of {queue}</source>
        <extracomment>What happened to a queue on hold, and what ends that. {queue} is the name of a queue, {server} its server.</extracomment>
        <translation>the server of {queue}</translation>
    </message>
</context>
<context>
    <name>rate</name>
    <message>
        <source>{count} a second</source>
        <translation>{count} a second</translation>
    </message>
    <message>
        <source>{count} a minute</source>
        <translation>{count} a minute</translation>
    </message>
    <message>
        <source>{count} an hour</source>
        <translation>{count} an hour</translation>
    </message>
    <message>
        <source>{count} a day</source>
        <translation>{count} a day</translation>
    </message>
</context>
<context>
    <name>reason</name>
    <message numerus="yes">
        <source>%Ln ahead, {limit}</source>
        <extracomment>{n} tasks of the queue come first. {limit} is the limit of the queue.</extracomment>
        <translation>
            <numerusform>%Ln ahead, {limit}</numerusform>
            <numerusform>%Ln ahead, {limit}</numerusform>
        </translation>
    </message>
    <message>
        <source>next, {limit}</source>
        <extracomment>Why a task is in its state, as a phrase beside the state.</extracomment>
        <translation>next, {limit}</translation>
    </message>
    <message>
        <source>Starts when a running task ends</source>
        <extracomment>Why a task is in its state, as a phrase beside the state.</extracomment>
        <translation>Starts when a running task ends</translation>
    </message>
    <message>
        <source>Waits for the response of its request</source>
        <extracomment>Why a task is in its state, as a phrase beside the state.</extracomment>
        <translation>Waits for the response of its request</translation>
    </message>
    <message>
        <source>The system cannot run it now</source>
        <extracomment>Why a task is in its state, as a phrase beside the state.</extracomment>
        <translation>The system cannot run it now</translation>
    </message>
    <message>
        <source>It was interrupted twice, so it runs alone from now on</source>
        <extracomment>Why a task is in its state, as a phrase beside the state.</extracomment>
        <translation>It was interrupted twice, so it runs alone from now on</translation>
    </message>
    <message>
        <source>Queue {queue} paused since {since}</source>
        <extracomment>Why a task is in its state, as a phrase beside the state.</extracomment>
        <translation>Queue {queue} paused since {since}</translation>
    </message>
    <message>
        <source>Paused since {since}</source>
        <extracomment>Why a task is in its state, as a phrase beside the state.</extracomment>
        <translation>Paused since {since}</translation>
    </message>
    <message>
        <source>{text}</source>
        <extracomment>Why a task is in its state, as a phrase beside the state.</extracomment>
        <translation>{text}</translation>
    </message>
    <message>
        <source>waiting for the connection</source>
        <extracomment>Why a task is in its state, as a phrase beside the state.</extracomment>
        <translation>waiting for the connection</translation>
    </message>
    <message>
        <source>waiting until its server takes more</source>
        <extracomment>Why a task is in its state, as a phrase beside the state.</extracomment>
        <translation>waiting until its server takes more</translation>
    </message>
    <message>
        <source>It begins once task {task_id} is done</source>
        <extracomment>Why a task is in its state, as a phrase beside the state.</extracomment>
        <translation>It begins once task {task_id} is done</translation>
    </message>
    <message numerus="yes">
        <source>It was interrupted %Ln times</source>
        <extracomment>Why a task is in its state, as a phrase beside the state.</extracomment>
        <translation>
            <numerusform>It was interrupted %Ln time</numerusform>
            <numerusform>It was interrupted %Ln times</numerusform>
        </translation>
    </message>
    <message>
        <source>The program stopped before it finished; it runs again</source>
        <extracomment>Why a task is in its state, as a phrase beside the state.</extracomment>
        <translation>The program stopped before it finished; it runs again</translation>
    </message>
    <message>
        <source>Its process ended unexpectedly; it runs again</source>
        <extracomment>Why a task is in its state, as a phrase beside the state.</extracomment>
        <translation>Its process ended unexpectedly; it runs again</translation>
    </message>
    <message>
        <source>Started again by a person</source>
        <extracomment>Why a task is in its state, as a phrase beside the state.</extracomment>
        <translation>Started again by a person</translation>
    </message>
    <message>
        <source>Asked to stop</source>
        <extracomment>Why a task is in its state, as a phrase beside the state.</extracomment>
        <translation>Asked to stop</translation>
    </message>
    <message>
        <source>Over its limit of {seconds} s; it cannot be stopped</source>
        <extracomment>Why a task is in its state, as a phrase beside the state.</extracomment>
        <translation>Over its limit of {seconds} s; it cannot be stopped</translation>
    </message>
    <message>
        <source>Practice only</source>
        <extracomment>Why a task is in its state, as a phrase beside the state.</extracomment>
        <translation>Practice only</translation>
    </message>
    <message>
        <source>Marked as done by a person</source>
        <extracomment>Why a task is in its state, as a phrase beside the state.</extracomment>
        <translation>Marked as done by a person</translation>
    </message>
    <message numerus="yes">
        <source>after %Ln attempts</source>
        <extracomment>Why a task is in its state, as a phrase beside the state.</extracomment>
        <translation>
            <numerusform>after %Ln attempt</numerusform>
            <numerusform>after %Ln attempts</numerusform>
        </translation>
    </message>
    <message>
        <source>{phrase}</source>
        <extracomment>Why a task is in its state, as a phrase beside the state.</extracomment>
        <translation>{phrase}</translation>
    </message>
    <message>
        <source>Task {task_id}, which it follows, was cancelled</source>
        <extracomment>Why a task is in its state, as a phrase beside the state.</extracomment>
        <translation>Task {task_id}, which it follows, was cancelled</translation>
    </message>
    <message>
        <source>It was not done by its deadline</source>
        <extracomment>Why a task is in its state, as a phrase beside the state.</extracomment>
        <translation>It was not done by its deadline</translation>
    </message>
    <message>
        <source>The error is permanent</source>
        <extracomment>Why a task is in its state, as a phrase beside the state.</extracomment>
        <translation>The error is permanent</translation>
    </message>
    <message>
        <source>All attempts are used up</source>
        <extracomment>Why a task is in its state, as a phrase beside the state.</extracomment>
        <translation>All attempts are used up</translation>
    </message>
    <message>
        <source>No answer</source>
        <extracomment>Why a task is in its state, as a phrase beside the state.</extracomment>
        <translation>No answer</translation>
    </message>
    <message>
        <source>The program ended before there was an answer</source>
        <extracomment>Why a task is in its state, as a phrase beside the state.</extracomment>
        <translation>The program ended before there was an answer</translation>
    </message>
    <message>
        <source>Cancelled by a person before there was an answer</source>
        <extracomment>Why a task is in its state, as a phrase beside the state.</extracomment>
        <translation>Cancelled by a person before there was an answer</translation>
    </message>
    <message>
        <source>May have been done before</source>
        <extracomment>Why a task is in its state, as a phrase beside the state.</extracomment>
        <translation>May have been done before</translation>
    </message>
    <message>
        <source>its batch continues with it soon</source>
        <extracomment>Why a task is in its state, as a phrase beside the state.</extracomment>
        <translation>its batch continues with it soon</translation>
    </message>
    <message>
        <source>Batch paused since {since}</source>
        <extracomment>Why a task is in its state, as a phrase beside the state.</extracomment>
        <translation>Batch paused since {since}</translation>
    </message>
    <message>
        <source>It came back: {said}</source>
        <extracomment>Why a task is in its state, as a phrase beside the state.</extracomment>
        <translation>It came back: {said}</translation>
    </message>
</context>
<context>
    <name>reason.535</name>
    <message>
        <source>User name or password refused</source>
        <extracomment>{n} tasks of the queue come first. {limit} is the limit of the queue.</extracomment>
        <translation>User name or password refused</translation>
    </message>
</context>
<context>
    <name>reason.do_not_send</name>
    <message>
        <source>The address is on the list “Do not send”</source>
        <extracomment>{n} tasks of the queue come first. {limit} is the limit of the queue.</extracomment>
        <translation>The address is on the list “Do not send”</translation>
    </message>
</context>
<context>
    <name>reason.fixed</name>
    <message>
        <source>Ready to start</source>
        <extracomment>{n} tasks of the queue come first. {limit} is the limit of the queue.</extracomment>
        <translation>Ready to start</translation>
    </message>
    <message>
        <source>Ready to be sent</source>
        <extracomment>{n} tasks of the queue come first. {limit} is the limit of the queue.</extracomment>
        <translation>Ready to be sent</translation>
    </message>
</context>
<context>
    <name>reason.hours</name>
    <message>
        <source>outside the sending hours</source>
        <extracomment>{n} tasks of the queue come first. {limit} is the limit of the queue.</extracomment>
        <translation>outside the sending hours</translation>
    </message>
</context>
<context>
    <name>reason.many</name>
    <message>
        <source>more than 100 ahead, {limit}</source>
        <extracomment>{n} tasks of the queue come first. {limit} is the limit of the queue.</extracomment>
        <translation>more than 100 ahead, {limit}</translation>
    </message>
</context>
<context>
    <name>reason.may_have_arrived</name>
    <message>
        <source>an earlier attempt may have done it</source>
        <extracomment>{n} tasks of the queue come first. {limit} is the limit of the queue.</extracomment>
        <translation>an earlier attempt may have done it</translation>
    </message>
    <message>
        <source>an earlier attempt may have sent it</source>
        <extracomment>{n} tasks of the queue come first. {limit} is the limit of the queue.</extracomment>
        <translation>an earlier attempt may have sent it</translation>
    </message>
</context>
<context>
    <name>reason.queue_mail</name>
    <message>
        <source>Kept in the outbox, not sent</source>
        <extracomment>{n} tasks of the queue come first. {limit} is the limit of the queue.</extracomment>
        <translation>Kept in the outbox, not sent</translation>
    </message>
    <message>
        <source>Marked as sent by a person</source>
        <extracomment>{n} tasks of the queue come first. {limit} is the limit of the queue.</extracomment>
        <translation>Marked as sent by a person</translation>
    </message>
    <message>
        <source>waiting until the mail provider takes more</source>
        <extracomment>{n} tasks of the queue come first. {limit} is the limit of the queue.</extracomment>
        <translation>waiting until the mail provider takes more</translation>
    </message>
</context>
<context>
    <name>reason.rate</name>
    <message>
        <source>its batch is limited to {rate}</source>
        <extracomment>{n} tasks of the queue come first. {limit} is the limit of the queue.</extracomment>
        <translation>its batch is limited to {rate}</translation>
    </message>
</context>
<context>
    <name>reason.server</name>
    <message>
        <source>No answer from {server}</source>
        <extracomment>{n} tasks of the queue come first. {limit} is the limit of the queue.</extracomment>
        <translation>No answer from {server}</translation>
    </message>
    <message>
        <source>The program ended before {server} answered</source>
        <extracomment>{n} tasks of the queue come first. {limit} is the limit of the queue.</extracomment>
        <translation>The program ended before {server} answered</translation>
    </message>
    <message>
        <source>Cancelled by a person before {server} answered</source>
        <extracomment>{n} tasks of the queue come first. {limit} is the limit of the queue.</extracomment>
        <translation>Cancelled by a person before {server} answered</translation>
    </message>
</context>
<context>
    <name>reason.stops</name>
    <message>
        <source>Over its limit of {seconds} s; it is being cancelled</source>
        <extracomment>{n} tasks of the queue come first. {limit} is the limit of the queue.</extracomment>
        <translation>Over its limit of {seconds} s; it is being cancelled</translation>
    </message>
</context>
<context>
    <name>reason.unstarted</name>
    <message>
        <source>before it started</source>
        <extracomment>{n} tasks of the queue come first. {limit} is the limit of the queue.</extracomment>
        <translation>before it started</translation>
    </message>
</context>
<context>
    <name>refused</name>
    <message>
        <source>The task is scheduled.</source>
        <extracomment>Why a call was refused.</extracomment>
        <translation>The task is scheduled.</translation>
    </message>
    <message>
        <source>The task is already queued.</source>
        <extracomment>Why a call was refused.</extracomment>
        <translation>The task is already queued.</translation>
    </message>
    <message>
        <source>The task is running.</source>
        <extracomment>Why a call was refused.</extracomment>
        <translation>The task is running.</translation>
    </message>
    <message>
        <source>The task is waiting.</source>
        <extracomment>Why a call was refused.</extracomment>
        <translation>The task is waiting.</translation>
    </message>
    <message>
        <source>The task is done.</source>
        <extracomment>Why a call was refused.</extracomment>
        <translation>The task is done.</translation>
    </message>
    <message>
        <source>The task has failed.</source>
        <extracomment>Why a call was refused.</extracomment>
        <translation>The task has failed.</translation>
    </message>
    <message>
        <source>The task was cancelled.</source>
        <extracomment>Why a call was refused.</extracomment>
        <translation>The task was cancelled.</translation>
    </message>
    <message>
        <source>The task may have been done. Say first whether it was.</source>
        <extracomment>Why a call was refused.</extracomment>
        <translation>The task may have been done. Say first whether it was.</translation>
    </message>
    <message>
        <source>There is no {kind} {number}.</source>
        <extracomment>Why a call was refused.</extracomment>
        <translation>There is no {kind} {number}.</translation>
    </message>
    <message>
        <source>The task was kept in practice mode. To run it, add reason=kept to the filter.</source>
        <extracomment>Why a call was refused.</extracomment>
        <translation>The task was kept in practice mode. To run it, add reason=kept to the filter.</translation>
    </message>
    <message>
        <source>The task is past its point of no return and can no longer be stopped.</source>
        <extracomment>Why a call was refused.</extracomment>
        <translation>The task is past its point of no return and can no longer be stopped.</translation>
    </message>
    <message>
        <source>The task starts when its queue is resumed.</source>
        <extracomment>Why a call was refused.</extracomment>
        <translation>The task starts when its queue is resumed.</translation>
    </message>
    <message>
        <source>The task has to be done before {deadline}.</source>
        <extracomment>Why a call was refused.</extracomment>
        <translation>The task has to be done before {deadline}.</translation>
    </message>
    <message>
        <source>{text}</source>
        <extracomment>Why a call was refused.</extracomment>
        <translation>{text}</translation>
    </message>
    <message>
        <source>Task {task_id} is open under the same key “{key}”.</source>
        <extracomment>Why a call was refused.</extracomment>
        <translation>Task {task_id} is open under the same key “{key}”.</translation>
    </message>
    <message>
        <source>The task was already repeated by another one.</source>
        <extracomment>Why a call was refused.</extracomment>
        <translation>The task was already repeated by another one.</translation>
    </message>
    <message>
        <source>Mark the task as seen before it is removed.</source>
        <extracomment>Why a call was refused.</extracomment>
        <translation>Mark the task as seen before it is removed.</translation>
    </message>
    <message>
        <source>Another task waits for this task, or a copy of it is still to be made.</source>
        <extracomment>Why a call was refused.</extracomment>
        <translation>Another task waits for this task, or a copy of it is still to be made.</translation>
    </message>
    <message>
        <source>The task could not be made: {text}</source>
        <extracomment>Why a call was refused.</extracomment>
        <translation>The task could not be made: {text}</translation>
    </message>
    <message>
        <source>The action was already carried out.</source>
        <extracomment>Why a call was refused.</extracomment>
        <translation>The action was already carried out.</translation>
    </message>
    <message>
        <source>“{title}” has already started.</source>
        <extracomment>Why a call was refused.</extracomment>
        <translation>“{title}” has already started.</translation>
    </message>
    <message>
        <source>The action ended with an error: {text}</source>
        <extracomment>Why a call was refused.</extracomment>
        <translation>The action ended with an error: {text}</translation>
    </message>
    <message>
        <source>The arguments of task {number} no longer fit its function: {text}.</source>
        <extracomment>Why a call was refused.</extracomment>
        <translation>The arguments of task {number} no longer fit its function: {text}.</translation>
    </message>
    <message>
        <source>This Idempotency-Key was used for another request.</source>
        <extracomment>Why a call was refused.</extracomment>
        <translation>This Idempotency-Key was used for another request.</translation>
    </message>
    <message>
        <source>The batch is a draft. Start it first.</source>
        <extracomment>Why a call was refused.</extracomment>
        <translation>The batch is a draft. Start it first.</translation>
    </message>
    <message>
        <source>The batch was started. Only a draft can be changed.</source>
        <extracomment>Why a call was refused.</extracomment>
        <translation>The batch was started. Only a draft can be changed.</translation>
    </message>
    <message numerus="yes">
        <source>%Ln rows are still being checked. Start the batch when all rows are checked.</source>
        <extracomment>Why a call was refused.</extracomment>
        <translation>
            <numerusform>%Ln row is still being checked. Start the batch when all rows are checked.</numerusform>
            <numerusform>%Ln rows are still being checked. Start the batch when all rows are checked.</numerusform>
        </translation>
    </message>
    <message>
        <source>The batch may begin now. Only a batch that is planned for later can get another time.</source>
        <extracomment>Why a call was refused.</extracomment>
        <translation>The batch may begin now. Only a batch that is planned for later can get another time.</translation>
    </message>
    <message>
        <source>E-mails of the batch were already tried. Cancel the rest instead.</source>
        <extracomment>Why a call was refused.</extracomment>
        <translation>E-mails of the batch were already tried. Cancel the rest instead.</translation>
    </message>
    <message>
        <source>Every row of the batch has ended.</source>
        <extracomment>Why a call was refused.</extracomment>
        <translation>Every row of the batch has ended.</translation>
    </message>
    <message numerus="yes">
        <source>%Ln e-mails that were submitted for real are not sent yet. Repeat the change with `open`: `hold` lets them wait for real sending, `keep` has practice mode keep them.</source>
        <extracomment>Why a call was refused.</extracomment>
        <translation>
            <numerusform>%Ln e-mail that was submitted for real is not sent yet. Repeat the change with `open`: `hold` lets it wait for real sending, `keep` has practice mode keep it.</numerusform>
            <numerusform>%Ln e-mails that were submitted for real are not sent yet. Repeat the change with `open`: `hold` lets them wait for real sending, `keep` has practice mode keep them.</numerusform>
        </translation>
    </message>
    <message>
        <source>Item {number} already exists with different content.</source>
        <extracomment>Why a call was refused.</extracomment>
        <translation>Item {number} already exists with different content.</translation>
    </message>
    <message>
        <source>Item {number} is twice in this request, with different content.</source>
        <extracomment>Why a call was refused.</extracomment>
        <translation>Item {number} is twice in this request, with different content.</translation>
    </message>
    <message>
        <source>No number is free above those that are taken. Choose one.</source>
        <extracomment>Why a call was refused.</extracomment>
        <translation>No number is free above those that are taken. Choose one.</translation>
    </message>
    <message>
        <source>The item came with a batch. Cancel the item instead.</source>
        <extracomment>Why a call was refused.</extracomment>
        <translation>The item came with a batch. Cancel the item instead.</translation>
    </message>
    <message>
        <source>The person is in the draft “{batch}”. Delete that draft first.</source>
        <extracomment>Why a call was refused.</extracomment>
        <translation>The person is in the draft “{batch}”. Delete that draft first.</translation>
    </message>
    <message>
        <source>An e-mail of “{batch}” to the person is not sent yet. Wait until it is sent, or cancel it first.</source>
        <extracomment>Why a call was refused.</extracomment>
        <translation>An e-mail of “{batch}” to the person is not sent yet. Wait until it is sent, or cancel it first.</translation>
    </message>
    <message>
        <source>The task starts when its batch is resumed.</source>
        <extracomment>Why a call was refused.</extracomment>
        <translation>The task starts when its batch is resumed.</translation>
    </message>
    <message>
        <source>Its batch is at its limit, or outside the sending hours. The task starts when the batch allows.</source>
        <extracomment>Why a call was refused.</extracomment>
        <translation>Its batch is at its limit, or outside the sending hours. The task starts when the batch allows.</translation>
    </message>
    <message>
        <source>“{title}” is running right now. Try again in a moment.</source>
        <extracomment>Why a call was refused.</extracomment>
        <translation>“{title}” is running right now. Try again in a moment.</translation>
    </message>
    <message>
        <source>This version was already sent as task {task_id}. To send it again, repeat that task.</source>
        <extracomment>Why a call was refused.</extracomment>
        <translation>This version was already sent as task {task_id}. To send it again, repeat that task.</translation>
    </message>
</context>
<context>
    <name>refused.batch</name>
    <message>
        <source>There is no batch {number}.</source>
        <extracomment>Why a call was refused.</extracomment>
        <translation>There is no batch {number}.</translation>
    </message>
</context>
<context>
    <name>refused.entry</name>
    <message>
        <source>There is no entry {number} on the list “Do not send”.</source>
        <extracomment>Why a call was refused.</extracomment>
        <translation>There is no entry {number} on the list “Do not send”.</translation>
    </message>
</context>
<context>
    <name>refused.item</name>
    <message>
        <source>There is no item {number}.</source>
        <extracomment>Why a call was refused.</extracomment>
        <translation>There is no item {number}.</translation>
    </message>
</context>
<context>
    <name>refused.pending action</name>
    <message>
        <source>There is no pending action {number}.</source>
        <extracomment>Why a call was refused.</extracomment>
        <translation>There is no pending action {number}.</translation>
    </message>
</context>
<context>
    <name>refused.queue</name>
    <message>
        <source>There is no queue named “{number}”.</source>
        <extracomment>Why a call was refused.</extracomment>
        <translation>There is no queue named “{number}”.</translation>
    </message>
</context>
<context>
    <name>refused.row</name>
    <message>
        <source>There is no row {number}.</source>
        <extracomment>Why a call was refused.</extracomment>
        <translation>There is no row {number}.</translation>
    </message>
</context>
<context>
    <name>refused.schedule</name>
    <message>
        <source>There is no schedule named “{number}”.</source>
        <extracomment>Why a call was refused.</extracomment>
        <translation>There is no schedule named “{number}”.</translation>
    </message>
</context>
<context>
    <name>refused.task</name>
    <message>
        <source>There is no task {number}.</source>
        <extracomment>Why a call was refused.</extracomment>
        <translation>There is no task {number}.</translation>
    </message>
</context>
<context>
    <name>report</name>
    <message>
        <source>left out</source>
        <extracomment>The status of a row in the report of a batch, which is always in English.</extracomment>
        <translation>left out</translation>
    </message>
    <message>
        <source>not sent yet</source>
        <extracomment>The status of a row in the report of a batch, which is always in English.</extracomment>
        <translation>not sent yet</translation>
    </message>
    <message>
        <source>sent</source>
        <extracomment>The status of a row in the report of a batch, which is always in English.</extracomment>
        <translation>sent</translation>
    </message>
    <message>
        <source>kept on this computer</source>
        <extracomment>The status of a row in the report of a batch, which is always in English.</extracomment>
        <translation>kept on this computer</translation>
    </message>
    <message>
        <source>failed</source>
        <extracomment>The status of a row in the report of a batch, which is always in English.</extracomment>
        <translation>failed</translation>
    </message>
    <message>
        <source>uncertain</source>
        <extracomment>The status of a row in the report of a batch, which is always in English.</extracomment>
        <translation>uncertain</translation>
    </message>
    <message>
        <source>uncertain earlier</source>
        <extracomment>The status of a row in the report of a batch, which is always in English.</extracomment>
        <translation>uncertain earlier</translation>
    </message>
    <message>
        <source>cancelled</source>
        <extracomment>The status of a row in the report of a batch, which is always in English.</extracomment>
        <translation>cancelled</translation>
    </message>
    <message>
        <source>bounced</source>
        <extracomment>The status of a row in the report of a batch, which is always in English.</extracomment>
        <translation>bounced</translation>
    </message>
    <message>
        <source>ready</source>
        <extracomment>The status of a row in the report of a batch, which is always in English.</extracomment>
        <translation>ready</translation>
    </message>
    <message>
        <source>problem</source>
        <extracomment>The status of a row in the report of a batch, which is always in English.</extracomment>
        <translation>problem</translation>
    </message>
    <message>
        <source>the same as before</source>
        <extracomment>The status of a row in the report of a batch, which is always in English.</extracomment>
        <translation>the same as before</translation>
    </message>
    <message>
        <source>changed</source>
        <extracomment>The status of a row in the report of a batch, which is always in English.</extracomment>
        <translation>changed</translation>
    </message>
    <message>
        <source>twice in the spreadsheet</source>
        <extracomment>The status of a row in the report of a batch, which is always in English.</extracomment>
        <translation>twice in the spreadsheet</translation>
    </message>
    <message>
        <source>in batch {batch}</source>
        <extracomment>The status of a row in the report of a batch, which is always in English.</extracomment>
        <translation>in batch {batch}</translation>
    </message>
    <message>
        <source>left out: do not send</source>
        <extracomment>The status of a row in the report of a batch, which is always in English.</extracomment>
        <translation>left out: do not send</translation>
    </message>
    <message>
        <source>skipped</source>
        <extracomment>The status of a row in the report of a batch, which is always in English.</extracomment>
        <translation>skipped</translation>
    </message>
    <message>
        <source>left out: opted out</source>
        <extracomment>The status of a row in the report of a batch, which is always in English.</extracomment>
        <translation>left out: opted out</translation>
    </message>
    <message>
        <source>The person was forgotten.</source>
        <extracomment>The status of a row in the report of a batch, which is always in English.</extracomment>
        <translation>The person was forgotten.</translation>
    </message>
</context>
<context>
    <name>request</name>
    <message>
        <source>Give either a source or its parts.</source>
        <extracomment>What is wrong with a request of a program; names in it are those of the API.</extracomment>
        <translation>Give either a source or its parts.</translation>
    </message>
    <message>
        <source>Give a source or its parts.</source>
        <extracomment>What is wrong with a request of a program; names in it are those of the API.</extracomment>
        <translation>Give a source or its parts.</translation>
    </message>
    <message>
        <source>A row has both batch_id and row.</source>
        <extracomment>What is wrong with a request of a program; names in it are those of the API.</extracomment>
        <translation>A row has both batch_id and row.</translation>
    </message>
    <message>
        <source>Give either a row or an item.</source>
        <extracomment>What is wrong with a request of a program; names in it are those of the API.</extracomment>
        <translation>Give either a row or an item.</translation>
    </message>
    <message>
        <source>A column cannot become “{target}”.</source>
        <extracomment>What is wrong with a request of a program; names in it are those of the API.</extracomment>
        <translation>A column cannot become “{target}”.</translation>
    </message>
    <message>
        <source>A column's header cannot have control characters or be so long.</source>
        <extracomment>What is wrong with a request of a program; names in it are those of the API.</extracomment>
        <translation>A column's header cannot have control characters or be so long.</translation>
    </message>
    <message>
        <source>Only the title and the fields are shown in another way.</source>
        <extracomment>What is wrong with a request of a program; names in it are those of the API.</extracomment>
        <translation>Only the title and the fields are shown in another way.</translation>
    </message>
    <message>
        <source>A field cannot be “{kind}”.</source>
        <extracomment>What is wrong with a request of a program; names in it are those of the API.</extracomment>
        <translation>A field cannot be “{kind}”.</translation>
    </message>
    <message>
        <source>Name the batch that these files were added to.</source>
        <extracomment>What is wrong with a request of a program; names in it are those of the API.</extracomment>
        <translation>Name the batch that these files were added to.</translation>
    </message>
    <message>
        <source>Only a resend of one task can go elsewhere.</source>
        <extracomment>What is wrong with a request of a program; names in it are those of the API.</extracomment>
        <translation>Only a resend of one task can go elsewhere.</translation>
    </message>
    <message>
        <source>Give either to or to_me, not both.</source>
        <extracomment>What is wrong with a request of a program; names in it are those of the API.</extracomment>
        <translation>Give either to or to_me, not both.</translation>
    </message>
    <message>
        <source>This is not base64.</source>
        <extracomment>What is wrong with a request of a program; names in it are those of the API.</extracomment>
        <translation>This is not base64.</translation>
    </message>
    <message>
        <source>This is not the name in the path.</source>
        <extracomment>What is wrong with a request of a program; names in it are those of the API.</extracomment>
        <translation>This is not the name in the path.</translation>
    </message>
    <message>
        <source>This is not the name of a file.</source>
        <extracomment>What is wrong with a request of a program; names in it are those of the API.</extracomment>
        <translation>This is not the name of a file.</translation>
    </message>
    <message numerus="yes">
        <source>The file is larger than %Ln MiB.</source>
        <extracomment>What is wrong with a request of a program; names in it are those of the API.</extracomment>
        <translation>
            <numerusform>The file is larger than %Ln MiB.</numerusform>
            <numerusform>The file is larger than %Ln MiB.</numerusform>
        </translation>
    </message>
    <message>
        <source>Set forget=true: a person who was forgotten cannot come back.</source>
        <extracomment>What is wrong with a request of a program; names in it are those of the API.</extracomment>
        <translation>Set forget=true: a person who was forgotten cannot come back.</translation>
    </message>
</context>
<context>
    <name>restored</name>
    <message>
        <source>The backup of {backup} is in place; what was accepted or done since then is not in it. Everything is paused. {check} The damaged files are kept in {folder}.</source>
        <extracomment>Of a backup that was put in place, and why everything is paused after a start.</extracomment>
        <translation>The backup of {backup} is in place; what was accepted or done since then is not in it. Everything is paused. {check} The damaged files are kept in {folder}.</translation>
    </message>
    <message>
        <source>{file} is not a file: move it away first.</source>
        <extracomment>Of a backup that was put in place, and why everything is paused after a start.</extracomment>
        <translation>{file} is not a file: move it away first.</translation>
    </message>
    <message>
        <source>A program is running on this database: end it, then restore.</source>
        <extracomment>Of a backup that was put in place, and why everything is paused after a start.</extracomment>
        <translation>A program is running on this database: end it, then restore.</translation>
    </message>
    <message>
        <source>Nothing was restored: {why}.</source>
        <extracomment>Of a backup that was put in place, and why everything is paused after a start.</extracomment>
        <translation>Nothing was restored: {why}.</translation>
    </message>
    <message>
        <source>There is no sound backup in {folder}.</source>
        <extracomment>Of a backup that was put in place, and why everything is paused after a start.</extracomment>
        <translation>There is no sound backup in {folder}.</translation>
    </message>
    <message>
        <source>To begin with an empty list, move {files} away.</source>
        <extracomment>Of a backup that was put in place, and why everything is paused after a start.</extracomment>
        <translation>To begin with an empty list, move {files} away.</translation>
    </message>
    <message>
        <source>Waiting tasks may have been done since; check them, then resume.</source>
        <extracomment>Of a backup that was put in place, and why everything is paused after a start.</extracomment>
        <translation>Waiting tasks may have been done since; check them, then resume.</translation>
    </message>
    <message>
        <source>This database is older than the one last used here, or a copy of it: what was accepted or done since is missing. {check}</source>
        <extracomment>Of a backup that was put in place, and why everything is paused after a start.</extracomment>
        <translation>This database is older than the one last used here, or a copy of it: what was accepted or done since is missing. {check}</translation>
    </message>
    <message>
        <source>This is the backup of {backup}: what was accepted or done since is missing. {check}</source>
        <extracomment>Of a backup that was put in place, and why everything is paused after a start.</extracomment>
        <translation>This is the backup of {backup}: what was accepted or done since is missing. {check}</translation>
    </message>
    <message>
        <source>The database server went back in time: it lacks {changes} made here, {tasks} among them. {check}</source>
        <extracomment>Of a backup that was put in place, and why everything is paused after a start.</extracomment>
        <translation>The database server went back in time: it lacks {changes} made here, {tasks} among them. {check}</translation>
    </message>
    <message numerus="yes">
        <source>%Ln changes</source>
        <extracomment>Of a backup that was put in place, and why everything is paused after a start.</extracomment>
        <translation>
            <numerusform>%Ln change</numerusform>
            <numerusform>%Ln changes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln new tasks</source>
        <extracomment>Of a backup that was put in place, and why everything is paused after a start.</extracomment>
        <translation>
            <numerusform>%Ln new task</numerusform>
            <numerusform>%Ln new tasks</numerusform>
        </translation>
    </message>
    <message>
        <source>Waiting tasks and batches may have been done since; check them, then resume.</source>
        <extracomment>What to do after a backup was put in place.</extracomment>
        <translation>Waiting tasks and batches may have been done since; check them, then resume.</translation>
    </message>
</context>
<context>
    <name>row</name>
    <message>
        <source>Being checked.</source>
        <extracomment>What the check of a row of a spreadsheet has found. {where}: “ (batch 3, row 17)”, or nothing.</extracomment>
        <translation>Being checked.</translation>
    </message>
    <message>
        <source>Ready to be sent.</source>
        <extracomment>What the check of a row of a spreadsheet has found. {where}: “ (batch 3, row 17)”, or nothing.</extracomment>
        <translation>Ready to be sent.</translation>
    </message>
    <message>
        <source>Corrected and ready to be sent.</source>
        <extracomment>What the check of a row of a spreadsheet has found. {where}: “ (batch 3, row 17)”, or nothing.</extracomment>
        <translation>Corrected and ready to be sent.</translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <extracomment>What the check of a row of a spreadsheet has found. {where}: “ (batch 3, row 17)”, or nothing.</extracomment>
        <translation>Cancelled.</translation>
    </message>
    <message>
        <source>Item {item} is uncertain: say first whether its e-mail was sent.</source>
        <extracomment>What the check of a row of a spreadsheet has found. {where}: “ (batch 3, row 17)”, or nothing.</extracomment>
        <translation>Item {item} is uncertain: say first whether its e-mail was sent.</translation>
    </message>
    <message>
        <source>Every value is as before{where}: not sent twice.</source>
        <extracomment>What the check of a row of a spreadsheet has found. {where}: “ (batch 3, row 17)”, or nothing.</extracomment>
        <translation>Every value is as before{where}: not sent twice.</translation>
    </message>
    <message>
        <source>Changed since it was registered{where}</source>
        <extracomment>What has changed follows after a colon.</extracomment>
        <translation>Changed since it was registered{where}</translation>
    </message>
    <message>
        <source>Older than what was registered since{where}</source>
        <extracomment>What the check of a row of a spreadsheet has found. {where}: “ (batch 3, row 17)”, or nothing.</extracomment>
        <translation>Older than what was registered since{where}</translation>
    </message>
    <message>
        <source>Changed here and corrected by hand{where}</source>
        <extracomment>What the check of a row of a spreadsheet has found. {where}: “ (batch 3, row 17)”, or nothing.</extracomment>
        <translation>Changed here and corrected by hand{where}</translation>
    </message>
    <message>
        <source>Sent again.</source>
        <extracomment>The row was sent before, or something like it.</extracomment>
        <translation>Sent again.</translation>
    </message>
    <message>
        <source>Left out.</source>
        <extracomment>What the check of a row of a spreadsheet has found. {where}: “ (batch 3, row 17)”, or nothing.</extracomment>
        <translation>Left out.</translation>
    </message>
    <message>
        <source>Row {row} has the same {what}: only that row is sent.</source>
        <extracomment>What the check of a row of a spreadsheet has found. {where}: “ (batch 3, row 17)”, or nothing.</extracomment>
        <translation>Row {row} has the same {what}: only that row is sent.</translation>
    </message>
    <message>
        <source>Row {row} of batch {batch}, started later, replaces this row.</source>
        <extracomment>What the check of a row of a spreadsheet has found. {where}: “ (batch 3, row 17)”, or nothing.</extracomment>
        <translation>Row {row} of batch {batch}, started later, replaces this row.</translation>
    </message>
    <message>
        <source>The address is on the list “Do not send”.</source>
        <extracomment>What the check of a row of a spreadsheet has found. {where}: “ (batch 3, row 17)”, or nothing.</extracomment>
        <translation>The address is on the list “Do not send”.</translation>
    </message>
    <message>
        <source>Skipped.</source>
        <extracomment>What the check of a row of a spreadsheet has found. {where}: “ (batch 3, row 17)”, or nothing.</extracomment>
        <translation>Skipped.</translation>
    </message>
    <message>
        <source>“{text}” looks wrong. It is sent as it is.</source>
        <extracomment>{text}: such as NULL, or &amp;uuml;.</extracomment>
        <translation>“{text}” looks wrong. It is sent as it is.</translation>
    </message>
    <message>
        <source>The spreadsheet says “{column}: {text}”.</source>
        <extracomment>A cell in which the person of the row refuses e-mail: Status: unsubscribed.</extracomment>
        <translation>The spreadsheet says “{column}: {text}”.</translation>
    </message>
    <message>
        <source>Stays as corrected by hand: {changes}.</source>
        <extracomment>What the check of a row of a spreadsheet has found. {where}: “ (batch 3, row 17)”, or nothing.</extracomment>
        <translation>Stays as corrected by hand: {changes}.</translation>
    </message>
    <message>
        <source>Corrected: {changes}.</source>
        <extracomment>What a person has typed in place of the spreadsheet's values.</extracomment>
        <translation>Corrected: {changes}.</translation>
    </message>
    <message>
        <source>{field}: {before} → {after}</source>
        <extracomment>A changed value, before and after.</extracomment>
        <translation>{field}: {before} → {after}</translation>
    </message>
    <message>
        <source>{field}: {time}.</source>
        <extracomment>What the check of a row of a spreadsheet has found. {where}: “ (batch 3, row 17)”, or nothing.</extracomment>
        <translation>{field}: {time}.</translation>
    </message>
    <message>
        <source>This time has passed: the row is sent like one without a time.</source>
        <extracomment>What the check of a row of a spreadsheet has found. {where}: “ (batch 3, row 17)”, or nothing.</extracomment>
        <translation>This time has passed: the row is sent like one without a time.</translation>
    </message>
    <message>
        <source>task {number}</source>
        <extracomment>The number of a task that has no recipient.</extracomment>
        <translation>task {number}</translation>
    </message>
</context>
<context>
    <name>row.again</name>
    <message>
        <source>Changed here and corrected by hand{where}, and the value of the spreadsheet is sent</source>
        <extracomment>What the check of a row of a spreadsheet has found. {where}: “ (batch 3, row 17)”, or nothing.</extracomment>
        <translation>Changed here and corrected by hand{where}, and the value of the spreadsheet is sent</translation>
    </message>
    <message>
        <source>Every value is as before{where}: sent again.</source>
        <extracomment>What the check of a row of a spreadsheet has found. {where}: “ (batch 3, row 17)”, or nothing.</extracomment>
        <translation>Every value is as before{where}: sent again.</translation>
    </message>
    <message>
        <source>The address is on the list “Do not send”, and the row is sent after all.</source>
        <extracomment>What the check of a row of a spreadsheet has found. {where}: “ (batch 3, row 17)”, or nothing.</extracomment>
        <translation>The address is on the list “Do not send”, and the row is sent after all.</translation>
    </message>
</context>
<context>
    <name>row.date</name>
    <message>
        <source>“{text}” is no date, unlike the rest of its column. It is sent as it is.</source>
        <extracomment>What the check of a row of a spreadsheet has found. {where}: “ (batch 3, row 17)”, or nothing.</extracomment>
        <translation>“{text}” is no date, unlike the rest of its column. It is sent as it is.</translation>
    </message>
</context>
<context>
    <name>row.failed</name>
    <message>
        <source>Every value is as before{where}, but that e-mail failed: send item {item} again.</source>
        <extracomment>What the check of a row of a spreadsheet has found. {where}: “ (batch 3, row 17)”, or nothing.</extracomment>
        <translation>Every value is as before{where}, but that e-mail failed: send item {item} again.</translation>
    </message>
</context>
<context>
    <name>row.number</name>
    <message>
        <source>“{text}” is no number, unlike the rest of its column. It is sent as it is.</source>
        <extracomment>What the check of a row of a spreadsheet has found. {where}: “ (batch 3, row 17)”, or nothing.</extracomment>
        <translation>“{text}” is no number, unlike the rest of its column. It is sent as it is.</translation>
    </message>
</context>
<context>
    <name>row.total</name>
    <message>
        <source>These are totals, no person: left out.</source>
        <extracomment>What the check of a row of a spreadsheet has found. {where}: “ (batch 3, row 17)”, or nothing.</extracomment>
        <translation>These are totals, no person: left out.</translation>
    </message>
</context>
<context>
    <name>row.yes_no</name>
    <message>
        <source>“{text}” is neither yes nor no, unlike the rest of its column. It is sent as it is.</source>
        <extracomment>What the check of a row of a spreadsheet has found. {where}: “ (batch 3, row 17)”, or nothing.</extracomment>
        <translation>“{text}” is neither yes nor no, unlike the rest of its column. It is sent as it is.</translation>
    </message>
</context>
<context>
    <name>row_key</name>
    <message>
        <source>number</source>
        <extracomment>What two rows have in common, in “Row 5 has the same number”.</extracomment>
        <translation>number</translation>
    </message>
    <message>
        <source>address and title</source>
        <extracomment>What two rows have in common, in “Row 5 has the same number”.</extracomment>
        <translation>address and title</translation>
    </message>
    <message>
        <source>address, title and name</source>
        <extracomment>What two rows have in common, in “Row 5 has the same number”.</extracomment>
        <translation>address, title and name</translation>
    </message>
</context>
<context>
    <name>row_place</name>
    <message>
        <source> (batch {batch}, row {row})</source>
        <extracomment>Where a row was sent before, after a text.</extracomment>
        <translation> (batch {batch}, row {row})</translation>
    </message>
    <message>
        <source> (item {item})</source>
        <extracomment>Where a row was sent before, after a text.</extracomment>
        <translation> (item {item})</translation>
    </message>
</context>
<context>
    <name>row_problem</name>
    <message>
        <source>To write to each, send to each address of a cell, or give each a row.</source>
        <extracomment>Why a row of a spreadsheet cannot be sent as it is.</extracomment>
        <translation>To write to each, send to each address of a cell, or give each a row.</translation>
    </message>
    <message>
        <source>“{field}” is missing in this row.</source>
        <extracomment>Why a row of a spreadsheet cannot be sent as it is.</extracomment>
        <translation>“{field}” is missing in this row.</translation>
    </message>
    <message>
        <source>The template needs “{field}”; this row has none.</source>
        <extracomment>Why a row of a spreadsheet cannot be sent as it is.</extracomment>
        <translation>The template needs “{field}”; this row has none.</translation>
    </message>
    <message>
        <source>If “{name}” is a calculation, write {{{{ ({name}) }}}}.</source>
        <extracomment>After a text about a missing field such as “Fee - Paid”.</extracomment>
        <translation>If “{name}” is a calculation, write {{{{ ({name}) }}}}.</translation>
    </message>
    <message>
        <source>{text}</source>
        <extracomment>Why a row of a spreadsheet cannot be sent as it is.</extracomment>
        <translation>{text}</translation>
    </message>
    <message>
        <source>The subject of the template cannot be used: {text}</source>
        <extracomment>Why a row of a spreadsheet cannot be sent as it is.</extracomment>
        <translation>The subject of the template cannot be used: {text}</translation>
    </message>
    <message>
        <source>The file “{file}” is missing or cannot be attached. Add the file (in the window: drop it), or correct its name.</source>
        <extracomment>Why a row of a spreadsheet cannot be sent as it is.</extracomment>
        <translation>The file “{file}” is missing or cannot be attached. Add the file (in the window: drop it), or correct its name.</translation>
    </message>
    <message>
        <source>“{file}” is not a file's name. Give its name, without a folder or an address, and add the file (in the window: drop it).</source>
        <extracomment>Why a row of a spreadsheet cannot be sent as it is.</extracomment>
        <translation>“{file}” is not a file's name. Give its name, without a folder or an address, and add the file (in the window: drop it).</translation>
    </message>
    <message>
        <source>“{text}” is not a time such as 2030-03-01 08:00.</source>
        <extracomment>Why a row of a spreadsheet cannot be sent as it is.</extracomment>
        <translation>“{text}” is not a time such as 2030-03-01 08:00.</translation>
    </message>
    <message>
        <source>“{text}” cannot be an item number. Item numbers are whole numbers.</source>
        <extracomment>Why a row of a spreadsheet cannot be sent as it is.</extracomment>
        <translation>“{text}” cannot be an item number. Item numbers are whole numbers.</translation>
    </message>
    <message>
        <source>The cell has the error {text}. Give the value that is meant.</source>
        <extracomment>Why a row of a spreadsheet cannot be sent as it is.</extracomment>
        <translation>The cell has the error {text}. Give the value that is meant.</translation>
    </message>
    <message>
        <source>Item {item} is for {text}: its number is taken.</source>
        <extracomment>Why a row of a spreadsheet cannot be sent as it is.</extracomment>
        <translation>Item {item} is for {text}: its number is taken.</translation>
    </message>
    <message>
        <source>Row {row} has this address and title, for {text}. To send to both, choose “address, title and name”.</source>
        <extracomment>Why a row of a spreadsheet cannot be sent as it is.</extracomment>
        <translation>Row {row} has this address and title, for {text}. To send to both, choose “address, title and name”.</translation>
    </message>
    <message>
        <source>This address belongs to {text} in batch {batch}, row {row}. Give this row another address or a title of its own.</source>
        <extracomment>Why a row of a spreadsheet cannot be sent as it is.</extracomment>
        <translation>This address belongs to {text} in batch {batch}, row {row}. Give this row another address or a title of its own.</translation>
    </message>
    <message>
        <source>This address belongs to {text} in batch {batch}, row {row}. If this is the same person, correct the name of item {item}. Otherwise give this row another address or a title of its own.</source>
        <extracomment>Why a row of a spreadsheet cannot be sent as it is.</extracomment>
        <translation>This address belongs to {text} in batch {batch}, row {row}. If this is the same person, correct the name of item {item}. Otherwise give this row another address or a title of its own.</translation>
    </message>
    <message>
        <source>“{text}” cannot be read for certain. Correct this row, or its separators and quotation marks in the file.</source>
        <extracomment>Why a row of a spreadsheet cannot be sent as it is.</extracomment>
        <translation>“{text}” cannot be read for certain. Correct this row, or its separators and quotation marks in the file.</translation>
    </message>
</context>
<context>
    <name>selected</name>
    <message numerus="yes">
        <source>%Ln tasks selected</source>
        <extracomment>How many rows of a list are selected.</extracomment>
        <translation>
            <numerusform>%Ln task selected</numerusform>
            <numerusform>%Ln tasks selected</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>sending</name>
    <message>
        <source>{server} refused the e-mail: {reply}</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>{server} refused the e-mail: {reply}</translation>
    </message>
    <message>
        <source>{server} refuses every e-mail: {reply}</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>{server} refuses every e-mail: {reply}</translation>
    </message>
    <message>
        <source>{server} postponed the e-mail: {reply}</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>{server} postponed the e-mail: {reply}</translation>
    </message>
    <message>
        <source>{server} takes no more for now: {reply}</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>{server} takes no more for now: {reply}</translation>
    </message>
    <message>
        <source>{server} closes the connection: {reply}</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>{server} closes the connection: {reply}</translation>
    </message>
    <message>
        <source>{server} wants another login: {reply}</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>{server} wants another login: {reply}</translation>
    </message>
    <message>
        <source>{server} takes no password from programs: {reply}. Sign in to the account in the mail settings, or use a server that takes a password.</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>{server} takes no password from programs: {reply}. Sign in to the account in the mail settings, or use a server that takes a password.</translation>
    </message>
    <message>
        <source>{text} Check the sender and the user name in the mail settings.</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>{text} Check the sender and the user name in the mail settings.</translation>
    </message>
    <message>
        <source>“{server}” cannot be the name of a server.</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>“{server}” cannot be the name of a server.</translation>
    </message>
    <message>
        <source>{server} knows only HELO, without encryption and login. Nothing was sent. Choose None and leave the user name empty if that is right, or use another port or server.</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>{server} knows only HELO, without encryption and login. Nothing was sent. Choose None and leave the user name empty if that is right, or use another port or server.</translation>
    </message>
    <message>
        <source>{where} does not offer STARTTLS. Choose TLS or None. Nothing was sent.</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>{where} does not offer STARTTLS. Choose TLS or None. Nothing was sent.</translation>
    </message>
    <message>
        <source>{server} offers no login on this connection; use STARTTLS or TLS, or leave the user name empty.</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>{server} offers no login on this connection; use STARTTLS or TLS, or leave the user name empty.</translation>
    </message>
    <message>
        <source>{server} offers a login only by {by}, which Sendoff does not know. Use another server, or ask the provider for a login with a password.</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>{server} offers a login only by {by}, which Sendoff does not know. Use another server, or ask the provider for a login with a password.</translation>
    </message>
    <message>
        <source>{server} did not end the login of {user} by {mechanism}: {reply}</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>{server} did not end the login of {user} by {mechanism}: {reply}</translation>
    </message>
    <message>
        <source>The certificate of {server} cannot be trusted: {why}. If the server is your own, add its authority to the system's certificates.</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>The certificate of {server} cannot be trusted: {why}. If the server is your own, add its authority to the system's certificates.</translation>
    </message>
    <message>
        <source>{where} closed the connection.</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>{where} closed the connection.</translation>
    </message>
    <message>
        <source>The server name {server} is not known here ({why}).</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>The server name {server} is not known here ({why}).</translation>
    </message>
    <message>
        <source>{where} did not answer in time.</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>{where} did not answer in time.</translation>
    </message>
    <message>
        <source>{where} did not answer in time. This port usually needs TLS from the beginning.</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>{where} did not answer in time. This port usually needs TLS from the beginning.</translation>
    </message>
    <message>
        <source>{where} {why}.</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>{where} {why}.</translation>
    </message>
    <message>
        <source>{where} cannot be reached ({why}).</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>{where} cannot be reached ({why}).</translation>
    </message>
    <message>
        <source>{where} does not begin with TLS ({why}). Choose STARTTLS or None.</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>{where} does not begin with TLS ({why}). Choose STARTTLS or None.</translation>
    </message>
    <message>
        <source>{where} does not speak TLS after STARTTLS ({why}). Choose TLS or None.</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>{where} does not speak TLS after STARTTLS ({why}). Choose TLS or None.</translation>
    </message>
    <message>
        <source>{server} takes only plain letters before the @ (no SMTPUTF8): it cannot send from {address}. Choose another sender or another server in the mail settings.</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>{server} takes only plain letters before the @ (no SMTPUTF8): it cannot send from {address}. Choose another sender or another server in the mail settings.</translation>
    </message>
    <message>
        <source>{server} takes only plain letters before the @ (no SMTPUTF8): it cannot deliver to {address}. The e-mail was not sent. Use another address of this recipient, or another server.</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>{server} takes only plain letters before the @ (no SMTPUTF8): it cannot deliver to {address}. The e-mail was not sent. Use another address of this recipient, or another server.</translation>
    </message>
    <message>
        <source>no copy to {address}: {server} takes only plain letters before the @ (no SMTPUTF8)</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>no copy to {address}: {server} takes only plain letters before the @ (no SMTPUTF8)</translation>
    </message>
    <message>
        <source>{server} answered out of turn: {reply}</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>{server} answered out of turn: {reply}</translation>
    </message>
    <message>
        <source>{server} answered before the e-mail was complete: {reply}</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>{server} answered before the e-mail was complete: {reply}</translation>
    </message>
    <message>
        <source>{server} did not take the whole e-mail ({why}).</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>{server} did not take the whole e-mail ({why}).</translation>
    </message>
    <message>
        <source>{server} gave no answer after the e-mail was handed over ({why}).</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>{server} gave no answer after the e-mail was handed over ({why}).</translation>
    </message>
    <message>
        <source>After the e-mail was handed over, {server} {how}. That does not say whether the e-mail was accepted.</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>After the e-mail was handed over, {server} {how}. That does not say whether the e-mail was accepted.</translation>
    </message>
    <message>
        <source>{server} is signed in as {account}, which may not send as {sender}.</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>{server} is signed in as {account}, which may not send as {sender}.</translation>
    </message>
    <message>
        <source>The e-mail is too large: {server} takes {limit} MiB, and this one has {size} bytes there.</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>The e-mail is too large: {server} takes {limit} MiB, and this one has {size} bytes there.</translation>
    </message>
    <message>
        <source>{server} did not take the access token, and so not the e-mail. The next attempt has a new one.</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>{server} did not take the access token, and so not the e-mail. The next attempt has a new one.</translation>
    </message>
    <message>
        <source>{issuer} does not renew the sign-in for now: {why}.</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>{issuer} does not renew the sign-in for now: {why}.</translation>
    </message>
    <message>
        <source>{issuer} cannot be reached to sign in: {why}.</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>{issuer} cannot be reached to sign in: {why}.</translation>
    </message>
    <message>
        <source>The mail password is missing. Type it in the mail settings, which can keep it in a file that only you can read. {text}</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>The mail password is missing. Type it in the mail settings, which can keep it in a file that only you can read. {text}</translation>
    </message>
    <message>
        <source>No password is kept for {user} at {host}. Type it in the mail settings, or start Sendoff with {variable} set.</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>No password is kept for {user} at {host}. Type it in the mail settings, or start Sendoff with {variable} set.</translation>
    </message>
    <message>
        <source>The password of {user} at {host} is not valid UTF-8. If {variable} is set, correct it; if not, type it in the mail settings.</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>The password of {user} at {host} is not valid UTF-8. If {variable} is set, correct it; if not, type it in the mail settings.</translation>
    </message>
    <message>
        <source>{text} The e-mail waits until this folder can be read, because it may have been sent before.</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>{text} The e-mail waits until this folder can be read, because it may have been sent before.</translation>
    </message>
    <message>
        <source>The e-mail cannot be kept in {folder}: {why}. It is sent as soon as this folder can be written.</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>The e-mail cannot be kept in {folder}: {why}. It is sent as soon as this folder can be written.</translation>
    </message>
    <message>
        <source>The item has no recipient, and the default one is for practice only.</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>The item has no recipient, and the default one is for practice only.</translation>
    </message>
    <message>
        <source>“{file}” is being written. The e-mail waits until that ends.</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>“{file}” is being written. The e-mail waits until that ends.</translation>
    </message>
    <message>
        <source>“{file}” is missing, or being replaced. The e-mail waits until that ends.</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>“{file}” is missing, or being replaced. The e-mail waits until that ends.</translation>
    </message>
    <message>
        <source>The template or an attachment was changed meanwhile.</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>The template or an attachment was changed meanwhile.</translation>
    </message>
    <message>
        <source>The mail settings were changed while the e-mail waited for its turn.</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>The mail settings were changed while the e-mail waited for its turn.</translation>
    </message>
    <message>
        <source>Practice mode is on: what was submitted before it waits for real sending.</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>Practice mode is on: what was submitted before it waits for real sending.</translation>
    </message>
    <message>
        <source>It was submitted in practice mode. Try now sends it.</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>It was submitted in practice mode. Try now sends it.</translation>
    </message>
    <message>
        <source>The folder of sent e-mails has this one already, though this task has not sent it.</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>The folder of sent e-mails has this one already, though this task has not sent it.</translation>
    </message>
    <message>
        <source>{message_id} is no Message-ID.</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>{message_id} is no Message-ID.</translation>
    </message>
    <message>
        <source>The subject cannot be used. {why}</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>The subject cannot be used. {why}</translation>
    </message>
    <message>
        <source>The e-mail holds half a character (a lone surrogate).</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>The e-mail holds half a character (a lone surrogate).</translation>
    </message>
    <message>
        <source>The address {address} cannot be used. {why}</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>The address {address} cannot be used. {why}</translation>
    </message>
    <message>
        <source>{server} names no folder of sent e-mails.</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>{server} names no folder of sent e-mails.</translation>
    </message>
    <message>
        <source>{server} does not open the mailbox: {reply}</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>{server} does not open the mailbox: {reply}</translation>
    </message>
    <message>
        <source>{server} did not take the copy: {reply}</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>{server} did not take the copy: {reply}</translation>
    </message>
</context>
<context>
    <name>sending.connection</name>
    <message>
        <source>{server} refused the connection: {reply}</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>{server} refused the connection: {reply}</translation>
    </message>
</context>
<context>
    <name>sending.copy</name>
    <message>
        <source>{server} refused the copy: {reply}</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>{server} refused the copy: {reply}</translation>
    </message>
    <message>
        <source>{server} postponed the copy: {reply}</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>{server} postponed the copy: {reply}</translation>
    </message>
    <message>
        <source>The address of a copy {address} cannot be used. {why}</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>The address of a copy {address} cannot be used. {why}</translation>
    </message>
</context>
<context>
    <name>sending.ended</name>
    <message>
        <source>{server} gave no answer after the e-mail was handed over (it {why}).</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>{server} gave no answer after the e-mail was handed over (it {why}).</translation>
    </message>
</context>
<context>
    <name>sending.greeting</name>
    <message>
        <source>{server} refused the greeting: {reply}</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>{server} refused the greeting: {reply}</translation>
    </message>
</context>
<context>
    <name>sending.login</name>
    <message>
        <source>{server} refused the user name or password of {user}: {reply}. Either they are not correct, or the provider does not let other programs send with them. {hint}</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>{server} refused the user name or password of {user}: {reply}. Either they are not correct, or the provider does not let other programs send with them. {hint}</translation>
    </message>
</context>
<context>
    <name>sending.login_by</name>
    <message>
        <source>{server} refused the user name or password of {user} by {mechanism}: {reply}. Either they are not correct, or the provider does not let other programs send with them. {hint}</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>{server} refused the user name or password of {user} by {mechanism}: {reply}. Either they are not correct, or the provider does not let other programs send with them. {hint}</translation>
    </message>
</context>
<context>
    <name>sending.mailbox</name>
    <message>
        <source>{server} does not let {user} into the mailbox: {reply}</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>{server} does not let {user} into the mailbox: {reply}</translation>
    </message>
</context>
<context>
    <name>sending.network</name>
    <message>
        <source>The certificate of {server} cannot be trusted: {why}. If this network inspects connections, add its authority to the system's certificates.</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>The certificate of {server} cannot be trusted: {why}. If this network inspects connections, add its authority to the system's certificates.</translation>
    </message>
</context>
<context>
    <name>sending.oauth</name>
    <message>
        <source>{server} takes no password from programs, only a login by {by}. Sign in to the account in the mail settings, or use a server that takes a password.</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>{server} takes no password from programs, only a login by {by}. Sign in to the account in the mail settings, or use a server that takes a password.</translation>
    </message>
</context>
<context>
    <name>sending.recipient</name>
    <message>
        <source>{server} refused the recipient: {reply}</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>{server} refused the recipient: {reply}</translation>
    </message>
    <message>
        <source>{server} postponed the recipient: {reply}</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>{server} postponed the recipient: {reply}</translation>
    </message>
    <message>
        <source>The recipient {address} cannot be used. {why}</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>The recipient {address} cannot be used. {why}</translation>
    </message>
</context>
<context>
    <name>sending.sender</name>
    <message>
        <source>{server} refused the sender: {reply}</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>{server} refused the sender: {reply}</translation>
    </message>
    <message>
        <source>{server} postponed the sender: {reply}</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>{server} postponed the sender: {reply}</translation>
    </message>
    <message>
        <source>The sender {address} cannot be used. {why}</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>The sender {address} cannot be used. {why}</translation>
    </message>
</context>
<context>
    <name>sending.status</name>
    <message>
        <source>{issuer} cannot be reached to sign in: it answers {status}.</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>{issuer} cannot be reached to sign in: it answers {status}.</translation>
    </message>
</context>
<context>
    <name>sending.unread</name>
    <message>
        <source>{issuer} cannot be reached to sign in: its answer cannot be read.</source>
        <extracomment>Why an e-mail cannot be sent, or is not known to be. {server} is the mail server or the provider, {reply} and {why} its words or the system's.</extracomment>
        <translation>{issuer} cannot be reached to sign in: its answer cannot be read.</translation>
    </message>
</context>
<context>
    <name>sent_copy</name>
    <message>
        <source>The folder of sent e-mails has no copy yet. It is tried again. {why}</source>
        <extracomment>A line in the history of an e-mail that was sent: of the copy in the account's own folder of sent e-mails. {why} is a sentence.</extracomment>
        <translation>The folder of sent e-mails has no copy yet. It is tried again. {why}</translation>
    </message>
    <message>
        <source>The folder of sent e-mails has no copy. {why}</source>
        <extracomment>A line in the history of an e-mail that was sent: of the copy in the account's own folder of sent e-mails. {why} is a sentence.</extracomment>
        <translation>The folder of sent e-mails has no copy. {why}</translation>
    </message>
    <message>
        <source>The folder of sent e-mails has a copy now.</source>
        <extracomment>A line in the history of an e-mail that was sent: of the copy in the account's own folder of sent e-mails. {why} is a sentence.</extracomment>
        <translation>The folder of sent e-mails has a copy now.</translation>
    </message>
    <message>
        <source>The folder of sent e-mails of {user} at {server}</source>
        <extracomment>A place that may still have a forgotten person's data.</extracomment>
        <translation>The folder of sent e-mails of {user} at {server}</translation>
    </message>
</context>
<context>
    <name>sentence</name>
    <message>
        <source>The data is damaged: nothing is sent</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>The data is damaged: nothing is sent</translation>
    </message>
    <message>
        <source>Sendoff cannot work in the background</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>Sendoff cannot work in the background</translation>
    </message>
    <message>
        <source>Sendoff stands still: nothing can be stored on this computer</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>Sendoff stands still: nothing can be stored on this computer</translation>
    </message>
    <message>
        <source>What you type now cannot be saved</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>What you type now cannot be saved</translation>
    </message>
    <message>
        <source>The app of these tasks is not running</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>The app of these tasks is not running</translation>
    </message>
    <message>
        <source>These tasks are in a database on a server</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>These tasks are in a database on a server</translation>
    </message>
    <message>
        <source>Sendoff is starting</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>Sendoff is starting</translation>
    </message>
    <message>
        <source>Sendoff updates your data: {percent} %</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>Sendoff updates your data: {percent} %</translation>
    </message>
    <message>
        <source>Sendoff finishes earlier work</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>Sendoff finishes earlier work</translation>
    </message>
    <message>
        <source>Sendoff is restarting</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>Sendoff is restarting</translation>
    </message>
    <message>
        <source>Sendoff restarts in {s} s</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>Sendoff restarts in {s} s</translation>
    </message>
    <message>
        <source>No task starts now</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>No task starts now</translation>
    </message>
    <message>
        <source>Nothing is sent until you have looked</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>Nothing is sent until you have looked</translation>
    </message>
    <message>
        <source>{account} wants a new sign-in</source>
        <extracomment>{account}: “Microsoft”</extracomment>
        <translation>{account} wants a new sign-in</translation>
    </message>
    <message>
        <source>The mail account wants a new sign-in</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>The mail account wants a new sign-in</translation>
    </message>
    <message>
        <source>The mail server refuses the password</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>The mail server refuses the password</translation>
    </message>
    <message>
        <source>The mail server cannot be used</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>The mail server cannot be used</translation>
    </message>
    <message>
        <source>The settings cannot be used</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>The settings cannot be used</translation>
    </message>
    <message>
        <source>{queue} is on hold</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>{queue} is on hold</translation>
    </message>
    <message>
        <source>{file} cannot be loaded</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>{file} cannot be loaded</translation>
    </message>
    <message>
        <source>Sending is paused</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>Sending is paused</translation>
    </message>
    <message numerus="yes">
        <source>%Ln changes were not made</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>
            <numerusform>%Ln change was not made</numerusform>
            <numerusform>%Ln changes were not made</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln changes are not confirmed</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>
            <numerusform>%Ln change is not confirmed</numerusform>
            <numerusform>%Ln changes are not confirmed</numerusform>
        </translation>
    </message>
    <message>
        <source>{done} of {whole} sent</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>{done} of {whole} sent</translation>
    </message>
    <message>
        <source>{done} of {whole} kept</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>{done} of {whole} kept</translation>
    </message>
    <message>
        <source>{done} of {whole} sent or kept</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>{done} of {whole} sent or kept</translation>
    </message>
    <message numerus="yes">
        <source>%Ln under way</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>
            <numerusform>%Ln under way</numerusform>
            <numerusform>%Ln under way</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln wait</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>
            <numerusform>%Ln waits</numerusform>
            <numerusform>%Ln wait</numerusform>
        </translation>
    </message>
    <message>
        <source>{who}: {why}</source>
        <extracomment>{who} is a person, or the title of a task; {why} is why it failed.</extracomment>
        <translation>{who}: {why}</translation>
    </message>
    <message>
        <source>The e-mail to {who} failed</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>The e-mail to {who} failed</translation>
    </message>
    <message>
        <source>“{who}” failed</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>“{who}” failed</translation>
    </message>
    <message>
        <source>It is not known whether {who} got the e-mail</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>It is not known whether {who} got the e-mail</translation>
    </message>
    <message>
        <source>It is not known whether “{who}” was done</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>It is not known whether “{who}” was done</translation>
    </message>
    <message numerus="yes">
        <source>%Ln failed, all for the same reason</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>
            <numerusform>%Ln failed</numerusform>
            <numerusform>%Ln failed, all for the same reason</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>It is not known whether %Ln arrived</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>
            <numerusform>It is not known whether %Ln arrived</numerusform>
            <numerusform>It is not known whether %Ln arrived</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln need you, all for the same reason</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>
            <numerusform>%Ln needs you</numerusform>
            <numerusform>%Ln need you, all for the same reason</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln need you</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>
            <numerusform>%Ln needs you</numerusform>
            <numerusform>%Ln need you</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>More than %Ln need you</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>
            <numerusform>More than %Ln needs you</numerusform>
            <numerusform>More than %Ln need you</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln letters wait until you say whether earlier ones arrived</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>
            <numerusform>%Ln letter waits until you say whether an earlier one arrived</numerusform>
            <numerusform>%Ln letters wait until you say whether earlier ones arrived</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln e-mails are ready to be sent</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>
            <numerusform>%Ln e-mail is ready to be sent</numerusform>
            <numerusform>%Ln e-mails are ready to be sent</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln e-mails were kept in practice</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>
            <numerusform>%Ln e-mail was kept in practice</numerusform>
            <numerusform>%Ln e-mails were kept in practice</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln addresses do not exist</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>
            <numerusform>%Ln address does not exist</numerusform>
            <numerusform>%Ln addresses do not exist</numerusform>
        </translation>
    </message>
    <message>
        <source>Sendoff crashed ({when})</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>Sendoff crashed ({when})</translation>
    </message>
    <message numerus="yes">
        <source>%Ln e-mails keep the old letterhead</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>
            <numerusform>%Ln e-mail keeps the old letterhead</numerusform>
            <numerusform>%Ln e-mails keep the old letterhead</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln e-mails keep the old text</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>
            <numerusform>%Ln e-mail keeps the old text</numerusform>
            <numerusform>%Ln e-mails keep the old text</numerusform>
        </translation>
    </message>
    <message>
        <source>The last backup failed</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>The last backup failed</translation>
    </message>
    <message>
        <source>The clock of this computer may be wrong</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>The clock of this computer may be wrong</translation>
    </message>
    <message>
        <source>{queue} is paused</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>{queue} is paused</translation>
    </message>
    <message>
        <source>{name} is paused</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>{name} is paused</translation>
    </message>
    <message>
        <source>No connection to {server}</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>No connection to {server}</translation>
    </message>
    <message>
        <source>{server} takes no more for now</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>{server} takes no more for now</translation>
    </message>
    <message>
        <source>{server} put off what is left of {name}</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>{server} put off what is left of {name}</translation>
    </message>
    <message numerus="yes">
        <source>{done} of %Ln rows read</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>
            <numerusform>{done} of %Ln row read</numerusform>
            <numerusform>{done} of %Ln rows read</numerusform>
        </translation>
    </message>
    <message>
        <source>Sendoff was updated</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>Sendoff was updated</translation>
    </message>
    <message>
        <source>Another build of Sendoff ({version}) runs the tasks</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>Another build of Sendoff ({version}) runs the tasks</translation>
    </message>
    <message>
        <source>The settings have words that Sendoff does not know</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>The settings have words that Sendoff does not know</translation>
    </message>
    <message>
        <source>The tokens cannot be read</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>The tokens cannot be read</translation>
    </message>
    <message>
        <source>Practice: nothing leaves this computer</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>Practice: nothing leaves this computer</translation>
    </message>
    <message>
        <source>The next one leaves {when}</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>The next one leaves {when}</translation>
    </message>
    <message>
        <source>The last one ended {when}</source>
        <extracomment>{when}: “at 14:00”, or a day and a time</extracomment>
        <translation>The last one ended {when}</translation>
    </message>
    <message>
        <source>The last e-mail left {when}</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>The last e-mail left {when}</translation>
    </message>
    <message>
        <source>The last e-mail was kept {when}</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>The last e-mail was kept {when}</translation>
    </message>
    <message>
        <source>The last e-mail left {when} and came back</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>The last e-mail left {when} and came back</translation>
    </message>
    <message>
        <source>The last e-mail was marked as sent {when}</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>The last e-mail was marked as sent {when}</translation>
    </message>
    <message>
        <source>Nothing waits</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>Nothing waits</translation>
    </message>
    <message>
        <source>Who gets the first e-mail?</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>Who gets the first e-mail?</translation>
    </message>
</context>
<context>
    <name>sentence.app</name>
    <message>
        <source>The data is damaged: no task runs</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>The data is damaged: no task runs</translation>
    </message>
    <message>
        <source>No task runs until you have looked</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>No task runs until you have looked</translation>
    </message>
    <message>
        <source>All tasks are paused</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>All tasks are paused</translation>
    </message>
    <message numerus="yes">
        <source>%Ln run</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>
            <numerusform>%Ln runs</numerusform>
            <numerusform>%Ln run</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>It is not known whether %Ln were done</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>
            <numerusform>It is not known whether %Ln was done</numerusform>
            <numerusform>It is not known whether %Ln were done</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln tasks are ready to be tried</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>
            <numerusform>%Ln task is ready to be tried</numerusform>
            <numerusform>%Ln tasks are ready to be tried</numerusform>
        </translation>
    </message>
    <message>
        <source>The next one starts {when}</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>The next one starts {when}</translation>
    </message>
    <message>
        <source>No task yet</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>No task yet</translation>
    </message>
</context>
<context>
    <name>sentence.looks</name>
    <message>
        <source>Nothing is sent until a person has looked</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>Nothing is sent until a person has looked</translation>
    </message>
    <message>
        <source>What is typed now cannot be saved</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>What is typed now cannot be saved</translation>
    </message>
    <message>
        <source>Sendoff updates its data: {percent} %</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>Sendoff updates its data: {percent} %</translation>
    </message>
    <message numerus="yes">
        <source>%Ln need a person, all for the same reason</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>
            <numerusform>%Ln needs a person</numerusform>
            <numerusform>%Ln need a person, all for the same reason</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln need a person</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>
            <numerusform>%Ln needs a person</numerusform>
            <numerusform>%Ln need a person</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>More than %Ln need a person</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>
            <numerusform>More than %Ln needs a person</numerusform>
            <numerusform>More than %Ln need a person</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln letters wait until it is known whether earlier ones arrived</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>
            <numerusform>%Ln letter waits until it is known whether an earlier one arrived</numerusform>
            <numerusform>%Ln letters wait until it is known whether earlier ones arrived</numerusform>
        </translation>
    </message>
    <message>
        <source>No e-mail yet</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>No e-mail yet</translation>
    </message>
</context>
<context>
    <name>sentence.server</name>
    <message>
        <source>Sendoff stands still: nothing can be stored on the server</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>Sendoff stands still: nothing can be stored on the server</translation>
    </message>
    <message>
        <source>Practice: nothing leaves the server</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>Practice: nothing leaves the server</translation>
    </message>
    <message>
        <source>The clock of the server may be wrong</source>
        <extracomment>The one sentence of the window: what is the case now. It ends without a full stop.</extracomment>
        <translation>The clock of the server may be wrong</translation>
    </message>
</context>
<context>
    <name>sentence_button</name>
    <message>
        <source>Restore…</source>
        <extracomment>The one button beside the sentence of the window.</extracomment>
        <translation>Restore…</translation>
    </message>
    <message>
        <source>Start empty…</source>
        <extracomment>The one button beside the sentence of the window.</extracomment>
        <translation>Start empty…</translation>
    </message>
    <message>
        <source>Try again</source>
        <extracomment>The one button beside the sentence of the window.</extracomment>
        <translation>Try again</translation>
    </message>
    <message>
        <source>Enter another token…</source>
        <extracomment>The one button beside the sentence of the window.</extracomment>
        <translation>Enter another token…</translation>
    </message>
    <message>
        <source>Open {host}</source>
        <extracomment>The one button beside the sentence of the window.</extracomment>
        <translation>Open {host}</translation>
    </message>
    <message>
        <source>Sign in</source>
        <extracomment>The one button beside the sentence of the window.</extracomment>
        <translation>Sign in</translation>
    </message>
    <message>
        <source>Mail settings</source>
        <extracomment>The one button beside the sentence of the window.</extracomment>
        <translation>Mail settings</translation>
    </message>
    <message>
        <source>Try now</source>
        <extracomment>The one button beside the sentence of the window.</extracomment>
        <translation>Try now</translation>
    </message>
    <message>
        <source>Open the tasks folder</source>
        <extracomment>The one button beside the sentence of the window.</extracomment>
        <translation>Open the tasks folder</translation>
    </message>
    <message>
        <source>Resume</source>
        <extracomment>The one button beside the sentence of the window.</extracomment>
        <translation>Resume</translation>
    </message>
    <message>
        <source>Pause</source>
        <extracomment>The one button beside the sentence of the window.</extracomment>
        <translation>Pause</translation>
    </message>
    <message>
        <source>Show</source>
        <extracomment>The one button beside the sentence of the window.</extracomment>
        <translation>Show</translation>
    </message>
    <message numerus="yes">
        <source>Retry %Ln</source>
        <extracomment>The one button beside the sentence of the window.</extracomment>
        <translation>
            <numerusform>Retry %Ln</numerusform>
            <numerusform>Retry %Ln</numerusform>
        </translation>
    </message>
    <message>
        <source>Edit the letter</source>
        <extracomment>The one button beside the sentence of the window.</extracomment>
        <translation>Edit the letter</translation>
    </message>
    <message numerus="yes">
        <source>Try the %Ln</source>
        <extracomment>The one button beside the sentence of the window.</extracomment>
        <translation>
            <numerusform>Try it</numerusform>
            <numerusform>Try the %Ln</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Send the %Ln</source>
        <extracomment>The one button beside the sentence of the window.</extracomment>
        <translation>
            <numerusform>Send it</numerusform>
            <numerusform>Send the %Ln</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Add these %Ln…</source>
        <extracomment>The one button beside the sentence of the window.</extracomment>
        <translation>
            <numerusform>Add it…</numerusform>
            <numerusform>Add these %Ln…</numerusform>
        </translation>
    </message>
    <message>
        <source>Show the report</source>
        <extracomment>The one button beside the sentence of the window.</extracomment>
        <translation>Show the report</translation>
    </message>
    <message>
        <source>Use the new one</source>
        <extracomment>The one button beside the sentence of the window.</extracomment>
        <translation>Use the new one</translation>
    </message>
    <message>
        <source>Stop</source>
        <extracomment>The one button beside the sentence of the window.</extracomment>
        <translation>Stop</translation>
    </message>
    <message>
        <source>Restart</source>
        <extracomment>The one button beside the sentence of the window.</extracomment>
        <translation>Restart</translation>
    </message>
    <message>
        <source>Set up real sending</source>
        <extracomment>The one button beside the sentence of the window.</extracomment>
        <translation>Set up real sending</translation>
    </message>
</context>
<context>
    <name>sentence_soft</name>
    <message>
        <source>Its backup of {when} can replace it. What came after is lost.</source>
        <extracomment>{when}: “10:00 today”</extracomment>
        <translation>Its backup of {when} can replace it. What came after is lost.</translation>
    </message>
    <message>
        <source>There is no backup of it.</source>
        <extracomment>A line below the one sentence of the window: more about the state.</extracomment>
        <translation>There is no backup of it.</translation>
    </message>
    <message>
        <source>The backup is put in its place…</source>
        <extracomment>A line below the one sentence of the window: more about the state.</extracomment>
        <translation>The backup is put in its place…</translation>
    </message>
    <message>
        <source>What you submit waits in this window, and is saved.</source>
        <extracomment>A line below the one sentence of the window: more about the state.</extracomment>
        <translation>What you submit waits in this window, and is saved.</translation>
    </message>
    <message>
        <source>Keep typing: what you type and submit is saved.</source>
        <extracomment>A line below the one sentence of the window: more about the state.</extracomment>
        <translation>Keep typing: what you type and submit is saved.</translation>
    </message>
    <message>
        <source>The list is from {when}.</source>
        <extracomment>A line below the one sentence of the window: more about the state.</extracomment>
        <translation>The list is from {when}.</translation>
    </message>
    <message>
        <source>Start it, with its monitor, to see them.</source>
        <extracomment>A line below the one sentence of the window: more about the state.</extracomment>
        <translation>Start it, with its monitor, to see them.</translation>
    </message>
    <message>
        <source>Start “sendoff serve --database …” with this data folder to see them.</source>
        <extracomment>A line below the one sentence of the window: more about the state.</extracomment>
        <translation>Start “sendoff serve --database …” with this data folder to see them.</translation>
    </message>
    <message numerus="yes">
        <source>%Ln wait.</source>
        <extracomment>A line below the one sentence of the window: more about the state.</extracomment>
        <translation>
            <numerusform>%Ln waits.</numerusform>
            <numerusform>%Ln wait.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln wait; nothing was lost.</source>
        <extracomment>A line below the one sentence of the window: more about the state.</extracomment>
        <translation>
            <numerusform>%Ln waits; nothing was lost.</numerusform>
            <numerusform>%Ln wait; nothing was lost.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln wait since {when}.</source>
        <extracomment>A line below the one sentence of the window: more about the state.</extracomment>
        <translation>
            <numerusform>%Ln waits since {when}.</numerusform>
            <numerusform>%Ln wait since {when}.</numerusform>
        </translation>
    </message>
    <message>
        <source>None is lost.</source>
        <extracomment>A line below the one sentence of the window: more about the state.</extracomment>
        <translation>None is lost.</translation>
    </message>
    <message>
        <source>They leave once you have signed in.</source>
        <extracomment>A line below the one sentence of the window: more about the state.</extracomment>
        <translation>They leave once you have signed in.</translation>
    </message>
    <message>
        <source>They leave once you have signed in and resumed.</source>
        <extracomment>A line below the one sentence of the window: more about the state.</extracomment>
        <translation>They leave once you have signed in and resumed.</translation>
    </message>
    <message>
        <source>Since {when}.</source>
        <extracomment>A line below the one sentence of the window: more about the state.</extracomment>
        <translation>Since {when}.</translation>
    </message>
    <message numerus="yes">
        <source>%Ln wait until you resume.</source>
        <extracomment>A line below the one sentence of the window: more about the state.</extracomment>
        <translation>
            <numerusform>%Ln waits until you resume.</numerusform>
            <numerusform>%Ln wait until you resume.</numerusform>
        </translation>
    </message>
    <message>
        <source>Then they wait until you resume.</source>
        <extracomment>A line below the one sentence of the window: more about the state.</extracomment>
        <translation>Then they wait until you resume.</translation>
    </message>
    <message>
        <source>Sendoff did not answer.</source>
        <extracomment>A line below the one sentence of the window: more about the state.</extracomment>
        <translation>Sendoff did not answer.</translation>
    </message>
    <message>
        <source>{rate} a minute.</source>
        <extracomment>A line below the one sentence of the window: more about the state.</extracomment>
        <translation>{rate} a minute.</translation>
    </message>
    <message>
        <source>The last one leaves {when}.</source>
        <extracomment>{when}: “at 14:00”, or a day and a time</extracomment>
        <translation>The last one leaves {when}.</translation>
    </message>
    <message numerus="yes">
        <source>Done in about %Ln minutes.</source>
        <extracomment>A line below the one sentence of the window: more about the state.</extracomment>
        <translation>
            <numerusform>Done in about %Ln minute.</numerusform>
            <numerusform>Done in about %Ln minutes.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Done in about %Ln hours.</source>
        <extracomment>A line below the one sentence of the window: more about the state.</extracomment>
        <translation>
            <numerusform>Done in about %Ln hour.</numerusform>
            <numerusform>Done in about %Ln hours.</numerusform>
        </translation>
    </message>
    <message>
        <source>Handed over {when} to {server}.</source>
        <extracomment>{when}: “at 14:00”, or a day and a time</extracomment>
        <translation>Handed over {when} to {server}.</translation>
    </message>
    <message numerus="yes">
        <source>%Ln of them are ready to be tried.</source>
        <extracomment>A line below the one sentence of the window: more about the state.</extracomment>
        <translation>
            <numerusform>%Ln of them is ready to be tried.</numerusform>
            <numerusform>%Ln of them are ready to be tried.</numerusform>
        </translation>
    </message>
    <message>
        <source>The next try is at {when}.</source>
        <extracomment>A line below the one sentence of the window: more about the state.</extracomment>
        <translation>The next try is at {when}.</translation>
    </message>
    <message>
        <source>What you have typed stays.</source>
        <extracomment>A line below the one sentence of the window: more about the state.</extracomment>
        <translation>What you have typed stays.</translation>
    </message>
    <message>
        <source>To run them with this one, end it where it was started.</source>
        <extracomment>A line below the one sentence of the window: more about the state.</extracomment>
        <translation>To run them with this one, end it where it was started.</translation>
    </message>
    <message>
        <source>Try it: each e-mail is kept, for you to read.</source>
        <extracomment>A line below the one sentence of the window: more about the state.</extracomment>
        <translation>Try it: each e-mail is kept, for you to read.</translation>
    </message>
    <message numerus="yes">
        <source>%Ln are kept.</source>
        <extracomment>A line below the one sentence of the window: more about the state.</extracomment>
        <translation>
            <numerusform>%Ln is kept.</numerusform>
            <numerusform>%Ln are kept.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln are planned.</source>
        <extracomment>A line below the one sentence of the window: more about the state.</extracomment>
        <translation>
            <numerusform>%Ln is planned.</numerusform>
            <numerusform>%Ln are planned.</numerusform>
        </translation>
    </message>
    <message>
        <source>Nothing waits.</source>
        <extracomment>A line below the one sentence of the window: more about the state.</extracomment>
        <translation>Nothing waits.</translation>
    </message>
    <message numerus="yes">
        <source>%Ln more are under way.</source>
        <extracomment>A line below the one sentence of the window: more about the state.</extracomment>
        <translation>
            <numerusform>One more is under way.</numerusform>
            <numerusform>%Ln more are under way.</numerusform>
        </translation>
    </message>
    <message>
        <source>Also: {text}</source>
        <extracomment>A line below the one sentence of the window: more about the state.</extracomment>
        <translation>Also: {text}</translation>
    </message>
    <message numerus="yes">
        <source>%Ln more</source>
        <extracomment>A line below the one sentence of the window: more about the state.</extracomment>
        <translation>
            <numerusform>%Ln more</numerusform>
            <numerusform>%Ln more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>sentence_soft.looks</name>
    <message>
        <source>This is from {when}.</source>
        <extracomment>{when}: “10:00 today”</extracomment>
        <translation>This is from {when}.</translation>
    </message>
    <message numerus="yes">
        <source>%Ln wait until they are resumed.</source>
        <extracomment>{when}: “10:00 today”</extracomment>
        <translation>
            <numerusform>%Ln waits until it is resumed.</numerusform>
            <numerusform>%Ln wait until they are resumed.</numerusform>
        </translation>
    </message>
    <message>
        <source>Then they wait until they are resumed.</source>
        <extracomment>{when}: “10:00 today”</extracomment>
        <translation>Then they wait until they are resumed.</translation>
    </message>
    <message>
        <source>They leave after a new sign-in.</source>
        <extracomment>{when}: “10:00 today”</extracomment>
        <translation>They leave after a new sign-in.</translation>
    </message>
    <message>
        <source>They leave after a new sign-in, once they are resumed.</source>
        <extracomment>{when}: “10:00 today”</extracomment>
        <translation>They leave after a new sign-in, once they are resumed.</translation>
    </message>
    <message>
        <source>Nothing was sent yet.</source>
        <extracomment>{when}: “10:00 today”</extracomment>
        <translation>Nothing was sent yet.</translation>
    </message>
</context>
<context>
    <name>server</name>
    <message>
        <source>The server does not answer. Sendoff tries again every two seconds.</source>
        <extracomment>Why the server of a window cannot be used.</extracomment>
        <translation>The server does not answer. Sendoff tries again every two seconds.</translation>
    </message>
    <message>
        <source>Sendoff does not answer right now. This continues when Sendoff answers again.</source>
        <extracomment>A request waits for the backend of this computer.</extracomment>
        <translation>Sendoff does not answer right now. This continues when Sendoff answers again.</translation>
    </message>
    <message>
        <source>This server is a spare: it runs the tasks once no other one does.</source>
        <extracomment>Why the server of a window cannot be used.</extracomment>
        <translation>This server is a spare: it runs the tasks once no other one does.</translation>
    </message>
    <message>
        <source>This server is a spare: another one runs the tasks at {address}.</source>
        <extracomment>Why the server of a window cannot be used.</extracomment>
        <translation>This server is a spare: another one runs the tasks at {address}.</translation>
    </message>
    <message>
        <source>No server with this name was found. Check the address, and your connection.</source>
        <extracomment>Why the server of a window cannot be used.</extracomment>
        <translation>No server with this name was found. Check the address, and your connection.</translation>
    </message>
    <message>
        <source>The server cannot prove that it is the one at this address: its certificate is not trusted. The token was not sent.</source>
        <extracomment>Why the server of a window cannot be used.</extracomment>
        <translation>The server cannot prove that it is the one at this address: its certificate is not trusted. The token was not sent.</translation>
    </message>
    <message>
        <source>A program other than Sendoff answers at this address. Check the address.</source>
        <extracomment>Why the server of a window cannot be used.</extracomment>
        <translation>A program other than Sendoff answers at this address. Check the address.</translation>
    </message>
    <message>
        <source>The server does not know this address as its own. A tunnel needs the same port at both ends.</source>
        <extracomment>Why the server of a window cannot be used.</extracomment>
        <translation>The server does not know this address as its own. A tunnel needs the same port at both ends.</translation>
    </message>
    <message>
        <source>The server does not know this token. Ask for a new one.</source>
        <extracomment>Why the server of a window cannot be used.</extracomment>
        <translation>The server does not know this token. Ask for a new one.</translation>
    </message>
    <message>
        <source>This token has expired. Ask for a new one.</source>
        <extracomment>Why the server of a window cannot be used.</extracomment>
        <translation>This token has expired. Ask for a new one.</translation>
    </message>
    <message>
        <source>Sendoff {version} runs the tasks, which is older than this window. Update it there.</source>
        <extracomment>Why the server of a window cannot be used.</extracomment>
        <translation>Sendoff {version} runs the tasks, which is older than this window. Update it there.</translation>
    </message>
    <message>
        <source>Sendoff {version} runs the tasks, which is newer than this window. Update Sendoff here, then restart it.</source>
        <extracomment>Why the server of a window cannot be used.</extracomment>
        <translation>Sendoff {version} runs the tasks, which is newer than this window. Update Sendoff here, then restart it.</translation>
    </message>
    <message>
        <source>Sendoff was updated. Restart it to finish the update.</source>
        <extracomment>Why the server of a window cannot be used.</extracomment>
        <translation>Sendoff was updated. Restart it to finish the update.</translation>
    </message>
</context>
<context>
    <name>server.window</name>
    <message>
        <source>This server is a spare: it runs the tasks once no other one does. This window then continues here.</source>
        <extracomment>Why the server of a window cannot be used.</extracomment>
        <translation>This server is a spare: it runs the tasks once no other one does. This window then continues here.</translation>
    </message>
</context>
<context>
    <name>server_address</name>
    <message>
        <source>Enter the address of a server.</source>
        <extracomment>Why the address of a server cannot be used.</extracomment>
        <translation>Enter the address of a server.</translation>
    </message>
    <message>
        <source>This is not an address such as https://sendoff.example.org.</source>
        <extracomment>Why the address of a server cannot be used.</extracomment>
        <translation>This is not an address such as https://sendoff.example.org.</translation>
    </message>
    <message>
        <source>This would send the token unencrypted. Use https, or a tunnel.</source>
        <extracomment>Why the address of a server cannot be used.</extracomment>
        <translation>This would send the token unencrypted. Use https, or a tunnel.</translation>
    </message>
    <message>
        <source>Enter the address alone, without a name, a password or a token.</source>
        <extracomment>Why the address of a server cannot be used.</extracomment>
        <translation>Enter the address alone, without a name, a password or a token.</translation>
    </message>
</context>
<context>
    <name>server_did</name>
    <message>
        <source>answered {reply}</source>
        <extracomment>What a mail server did, after its name: “mx.example.org closed the connection”.</extracomment>
        <translation>answered {reply}</translation>
    </message>
    <message>
        <source>answered {reply}, and then something else</source>
        <extracomment>What a mail server did, after its name: “mx.example.org closed the connection”.</extracomment>
        <translation>answered {reply}, and then something else</translation>
    </message>
    <message>
        <source>said what it was not asked for: {said}</source>
        <extracomment>What a mail server did, after its name: “mx.example.org closed the connection”.</extracomment>
        <translation>said what it was not asked for: {said}</translation>
    </message>
    <message>
        <source>gave no proper answer: {said}</source>
        <extracomment>What a mail server did, after its name: “mx.example.org closed the connection”.</extracomment>
        <translation>gave no proper answer: {said}</translation>
    </message>
    <message>
        <source>gave an endless answer: {said}</source>
        <extracomment>What a mail server did, after its name: “mx.example.org closed the connection”.</extracomment>
        <translation>gave an endless answer: {said}</translation>
    </message>
    <message>
        <source>closed the connection</source>
        <extracomment>What a mail server did, after its name: “mx.example.org closed the connection”.</extracomment>
        <translation>closed the connection</translation>
    </message>
    <message>
        <source>did not answer in time</source>
        <extracomment>What a mail server did, after its name: “mx.example.org closed the connection”.</extracomment>
        <translation>did not answer in time</translation>
    </message>
    <message>
        <source>lost the connection ({why})</source>
        <extracomment>What a mail server did, after its name: “mx.example.org closed the connection”.</extracomment>
        <translation>lost the connection ({why})</translation>
    </message>
</context>
<context>
    <name>session</name>
    <message>
        <source>{file} is a file, not a data folder: name another with --data-dir.</source>
        <extracomment>What a command in a terminal prints about the tasks, or why it cannot.</extracomment>
        <translation>{file} is a file, not a data folder: name another with --data-dir.</translation>
    </message>
    <message>
        <source>The app that these tasks belong to is not running, or runs without its monitor.</source>
        <extracomment>What a command in a terminal prints about the tasks, or why it cannot.</extracomment>
        <translation>The app that these tasks belong to is not running, or runs without its monitor.</translation>
    </message>
    <message>
        <source>{command} shows a copy of them.</source>
        <extracomment>What a command in a terminal prints about the tasks, or why it cannot.</extracomment>
        <translation>{command} shows a copy of them.</translation>
    </message>
    <message>
        <source>Nothing runs the tasks here: start {start}.</source>
        <extracomment>What a command in a terminal prints about the tasks, or why it cannot.</extracomment>
        <translation>Nothing runs the tasks here: start {start}.</translation>
    </message>
    <message>
        <source>The tasks here are in a database on a server: start {start}.</source>
        <extracomment>What a command in a terminal prints about the tasks, or why it cannot.</extracomment>
        <translation>The tasks here are in a database on a server: start {start}.</translation>
    </message>
    <message>
        <source>the app that they belong to</source>
        <extracomment>What a command in a terminal prints about the tasks, or why it cannot.</extracomment>
        <translation>the app that they belong to</translation>
    </message>
    <message>
        <source>The token in {file} has expired. Ask for a new one.</source>
        <extracomment>What a command in a terminal prints about the tasks, or why it cannot.</extracomment>
        <translation>The token in {file} has expired. Ask for a new one.</translation>
    </message>
    <message>
        <source>{address} does not take the token in {file}.</source>
        <extracomment>What a command in a terminal prints about the tasks, or why it cannot.</extracomment>
        <translation>{address} does not take the token in {file}.</translation>
    </message>
    <message>
        <source>{address} cannot be reached.</source>
        <extracomment>What a command in a terminal prints about the tasks, or why it cannot.</extracomment>
        <translation>{address} cannot be reached.</translation>
    </message>
    <message>
        <source>{address} cannot be reached: {why}.</source>
        <extracomment>What a command in a terminal prints about the tasks, or why it cannot.</extracomment>
        <translation>{address} cannot be reached: {why}.</translation>
    </message>
    <message>
        <source>There are no tasks in {folder}. Name their folder with --data-dir.</source>
        <extracomment>What a command in a terminal prints about the tasks, or why it cannot.</extracomment>
        <translation>There are no tasks in {folder}. Name their folder with --data-dir.</translation>
    </message>
    <message>
        <source>Open {address}/monitor/ in a browser.</source>
        <extracomment>What a command in a terminal prints about the tasks, or why it cannot.</extracomment>
        <translation>Open {address}/monitor/ in a browser.</translation>
    </message>
    <message>
        <source>It asks for this token:</source>
        <extracomment>What a command in a terminal prints about the tasks, or why it cannot.</extracomment>
        <translation>It asks for this token:</translation>
    </message>
    <message>
        <source>It asks for a token, which is printed to a terminal only.</source>
        <extracomment>What a command in a terminal prints about the tasks, or why it cannot.</extracomment>
        <translation>It asks for a token, which is printed to a terminal only.</translation>
    </message>
    <message>
        <source>Nothing runs these tasks. This is how they were left; end it with Ctrl+C.</source>
        <extracomment>What a command in a terminal prints about the tasks, or why it cannot.</extracomment>
        <translation>Nothing runs these tasks. This is how they were left; end it with Ctrl+C.</translation>
    </message>
    <message>
        <source>{file} cannot be shown: {why}</source>
        <extracomment>What a command in a terminal prints about the tasks, or why it cannot.</extracomment>
        <translation>{file} cannot be shown: {why}</translation>
    </message>
    <message>
        <source>No queue is paused.</source>
        <extracomment>What a command in a terminal prints about the tasks, or why it cannot.</extracomment>
        <translation>No queue is paused.</translation>
    </message>
    <message>
        <source>No queue is paused, but some are on hold.</source>
        <extracomment>What a command in a terminal prints about the tasks, or why it cannot.</extracomment>
        <translation>No queue is paused, but some are on hold.</translation>
    </message>
    <message>
        <source>{name} is not paused.</source>
        <extracomment>What a command in a terminal prints about the tasks, or why it cannot.</extracomment>
        <translation>{name} is not paused.</translation>
    </message>
    <message>
        <source>{name} has waited for its server since {at}: {why}. It continues by itself; {command} of one of its tasks tries now.</source>
        <extracomment>What a command in a terminal prints about the tasks, or why it cannot.</extracomment>
        <translation>{name} has waited for its server since {at}: {why}. It continues by itself; {command} of one of its tasks tries now.</translation>
    </message>
    <message>
        <source>{name} is still on hold since {at}: {why}. Fix the problem, then {also}retry one of its tasks ({command}).</source>
        <extracomment>What a command in a terminal prints about the tasks, or why it cannot.</extracomment>
        <translation>{name} is still on hold since {at}: {why}. Fix the problem, then {also}retry one of its tasks ({command}).</translation>
    </message>
    <message>
        <source>No task runs by itself. In a task file: @task(cron="0 7 * * mon-fri").</source>
        <extracomment>What a command in a terminal prints about the tasks, or why it cannot.</extracomment>
        <translation>No task runs by itself. In a task file: @task(cron="0 7 * * mon-fri").</translation>
    </message>
    <message>
        <source>Watching; Ctrl+C ends it.</source>
        <extracomment>What a command in a terminal prints about the tasks, or why it cannot.</extracomment>
        <translation>Watching; Ctrl+C ends it.</translation>
    </message>
    <message>
        <source>The backend stopped; waiting for it.</source>
        <extracomment>What a command in a terminal prints about the tasks, or why it cannot.</extracomment>
        <translation>The backend stopped; waiting for it.</translation>
    </message>
    <message>
        <source>No longer: {text}</source>
        <extracomment>What a command in a terminal prints about the tasks, or why it cannot.</extracomment>
        <translation>No longer: {text}</translation>
    </message>
    <message>
        <source>No action is waiting, so there is nothing to undo.</source>
        <extracomment>What a command in a terminal prints about the tasks, or why it cannot.</extracomment>
        <translation>No action is waiting, so there is nothing to undo.</translation>
    </message>
    <message>
        <source>Task {task_id} is {state}, so there is nothing to settle.</source>
        <extracomment>What a command in a terminal prints about the tasks, or why it cannot.</extracomment>
        <translation>Task {task_id} is {state}, so there is nothing to settle.</translation>
    </message>
    <message>
        <source>Settle it: {command} where it happened, `--outcome again` where it did not.</source>
        <extracomment>What a command in a terminal prints about the tasks, or why it cannot.</extracomment>
        <translation>Settle it: {command} where it happened, `--outcome again` where it did not.</translation>
    </message>
</context>
<context>
    <name>settings</name>
    <message>
        <source>{where}: {why}</source>
        <extracomment>Why the file of settings cannot be used, and what helps. {where} is the file.</extracomment>
        <translation>{where}: {why}</translation>
    </message>
    <message>
        <source>The settings before the start cannot be read from the database. No e-mail is sent, and nothing is deleted for its age, until you check and save the mail settings.</source>
        <extracomment>Why the file of settings cannot be used, and what helps. {where} is the file.</extracomment>
        <translation>The settings before the start cannot be read from the database. No e-mail is sent, and nothing is deleted for its age, until you check and save the mail settings.</translation>
    </message>
    <message>
        <source>{where} no longer has {lines}. No e-mail is sent until you put these lines back, or save the mail settings. To end real sending, write transport = "practice" there.</source>
        <extracomment>Why the file of settings cannot be used, and what helps. {where} is the file.</extracomment>
        <translation>{where} no longer has {lines}. No e-mail is sent until you put these lines back, or save the mail settings. To end real sending, write transport = "practice" there.</translation>
    </message>
    <message>
        <source>This line is missing.</source>
        <extracomment>Why the file of settings cannot be used, and what helps. {where} is the file.</extracomment>
        <translation>This line is missing.</translation>
    </message>
    <message>
        <source>{where} no longer has {lines}, and what it said there still applies. {why}</source>
        <extracomment>Why the file of settings cannot be used, and what helps. {where} is the file.</extracomment>
        <translation>{where} no longer has {lines}, and what it said there still applies. {why}</translation>
    </message>
    <message numerus="yes">
        <source>settings.toml: {lines} are gone and still apply.</source>
        <extracomment>Why the file of settings cannot be used, and what helps. {where} is the file.</extracomment>
        <translation>
            <numerusform>settings.toml: {lines} is gone and still applies.</numerusform>
            <numerusform>settings.toml: {lines} are gone and still apply.</numerusform>
        </translation>
    </message>
    <message>
        <source>To remove a limit, write "none".</source>
        <extracomment>Why the file of settings cannot be used, and what helps. {where} is the file.</extracomment>
        <translation>To remove a limit, write "none".</translation>
    </message>
    <message numerus="yes">
        <source>To change them, write a value.</source>
        <extracomment>Why the file of settings cannot be used, and what helps. {where} is the file.</extracomment>
        <translation>
            <numerusform>To change it, write a value.</numerusform>
            <numerusform>To change them, write a value.</numerusform>
        </translation>
    </message>
    <message>
        <source>settings.toml: there is no `{key}`.</source>
        <extracomment>Why the file of settings cannot be used, and what helps. {where} is the file.</extracomment>
        <translation>settings.toml: there is no `{key}`.</translation>
    </message>
    <message>
        <source>settings.toml: there is no `{key}`; did you mean `{meant}`?</source>
        <extracomment>Why the file of settings cannot be used, and what helps. {where} is the file.</extracomment>
        <translation>settings.toml: there is no `{key}`; did you mean `{meant}`?</translation>
    </message>
    <message>
        <source>Correct {where} first.</source>
        <extracomment>Why the file of settings cannot be used, and what helps. {where} is the file.</extracomment>
        <translation>Correct {where} first.</translation>
    </message>
    <message>
        <source>Fix it there, or move the file away to start with the defaults.</source>
        <extracomment>Why the file of settings cannot be used, and what helps. {where} is the file.</extracomment>
        <translation>Fix it there, or move the file away to start with the defaults.</translation>
    </message>
    <message>
        <source>Fix it there: no e-mail is sent until the whole file can be read again.</source>
        <extracomment>Why the file of settings cannot be used, and what helps. {where} is the file.</extracomment>
        <translation>Fix it there: no e-mail is sent until the whole file can be read again.</translation>
    </message>
</context>
<context>
    <name>sheet</name>
    <message>
        <source>The file does not exist.</source>
        <extracomment>Why a spreadsheet or its report cannot be read or written.</extracomment>
        <translation>The file does not exist.</translation>
    </message>
    <message>
        <source>The file cannot be opened: permission is missing, or another program is using it.</source>
        <extracomment>Why a spreadsheet or its report cannot be read or written.</extracomment>
        <translation>The file cannot be opened: permission is missing, or another program is using it.</translation>
    </message>
    <message>
        <source>This is not a file.</source>
        <extracomment>Why a spreadsheet or its report cannot be read or written.</extracomment>
        <translation>This is not a file.</translation>
    </message>
    <message>
        <source>The file could not be read: {text}.</source>
        <extracomment>Why a spreadsheet or its report cannot be read or written.</extracomment>
        <translation>The file could not be read: {text}.</translation>
    </message>
    <message>
        <source>The file could not be copied: {text}.</source>
        <extracomment>Why a spreadsheet or its report cannot be read or written.</extracomment>
        <translation>The file could not be copied: {text}.</translation>
    </message>
    <message>
        <source>The spreadsheet is empty.</source>
        <extracomment>Why a spreadsheet or its report cannot be read or written.</extracomment>
        <translation>The spreadsheet is empty.</translation>
    </message>
    <message>
        <source>The file has {size} MiB; the limit is {limit} MiB.</source>
        <extracomment>Why a spreadsheet or its report cannot be read or written.</extracomment>
        <translation>The file has {size} MiB; the limit is {limit} MiB.</translation>
    </message>
    <message>
        <source>The file has more than {columns} columns. Check what separates them.</source>
        <extracomment>Why a spreadsheet or its report cannot be read or written.</extracomment>
        <translation>The file has more than {columns} columns. Check what separates them.</translation>
    </message>
    <message>
        <source>The spreadsheet unpacks to {size} MiB; the limit is {limit} MiB. Save it as CSV.</source>
        <extracomment>Why a spreadsheet or its report cannot be read or written.</extracomment>
        <translation>The spreadsheet unpacks to {size} MiB; the limit is {limit} MiB. Save it as CSV.</translation>
    </message>
    <message>
        <source>Reading the spreadsheet takes more than {limit} MiB of memory. Save it as CSV.</source>
        <extracomment>Why a spreadsheet or its report cannot be read or written.</extracomment>
        <translation>Reading the spreadsheet takes more than {limit} MiB of memory. Save it as CSV.</translation>
    </message>
    <message>
        <source>The spreadsheet is protected by a password. Save a copy without one.</source>
        <extracomment>Why a spreadsheet or its report cannot be read or written.</extracomment>
        <translation>The spreadsheet is protected by a password. Save a copy without one.</translation>
    </message>
    <message>
        <source>The end of the file is missing. Copy or download it again.</source>
        <extracomment>Why a spreadsheet or its report cannot be read or written.</extracomment>
        <translation>The end of the file is missing. Copy or download it again.</translation>
    </message>
    <message>
        <source>The spreadsheet is damaged. Open it in its own program and save it again.</source>
        <extracomment>Why a spreadsheet or its report cannot be read or written.</extracomment>
        <translation>The spreadsheet is damaged. Open it in its own program and save it again.</translation>
    </message>
    <message>
        <source>This is not a spreadsheet. Use .xlsx, .xls, .ods, .csv or .tsv.</source>
        <extracomment>Why a spreadsheet or its report cannot be read or written.</extracomment>
        <translation>This is not a spreadsheet. Use .xlsx, .xls, .ods, .csv or .tsv.</translation>
    </message>
    <message>
        <source>Workbooks of this kind (.xlsb) are not read. Save it as .xlsx in Excel.</source>
        <extracomment>Why a spreadsheet or its report cannot be read or written.</extracomment>
        <translation>Workbooks of this kind (.xlsb) are not read. Save it as .xlsx in Excel.</translation>
    </message>
    <message>
        <source>This is {what}, and not a spreadsheet. Open it where it came from, and save or export it as .xlsx or .csv.</source>
        <extracomment>Why a spreadsheet or its report cannot be read or written.</extracomment>
        <translation>This is {what}, and not a spreadsheet. Open it where it came from, and save or export it as .xlsx or .csv.</translation>
    </message>
    <message>
        <source>This is not a spreadsheet, although it is named like one. Open it in its own program and save it as .xlsx or .csv.</source>
        <extracomment>Why a spreadsheet or its report cannot be read or written.</extracomment>
        <translation>This is not a spreadsheet, although it is named like one. Open it in its own program and save it as .xlsx or .csv.</translation>
    </message>
    <message>
        <source>Some characters in the file are not {encoding}. Save it as CSV UTF-8.</source>
        <extracomment>Why a spreadsheet or its report cannot be read or written.</extracomment>
        <translation>Some characters in the file are not {encoding}. Save it as CSV UTF-8.</translation>
    </message>
    <message>
        <source>There is no sheet “{sheet}”. The sheets are: {sheets}.</source>
        <extracomment>Why a spreadsheet or its report cannot be read or written.</extracomment>
        <translation>There is no sheet “{sheet}”. The sheets are: {sheets}.</translation>
    </message>
    <message>
        <source>The file changed while it was read. Import it again.</source>
        <extracomment>Why a spreadsheet or its report cannot be read or written.</extracomment>
        <translation>The file changed while it was read. Import it again.</translation>
    </message>
    <message>
        <source>The spreadsheet has no column {missing}.</source>
        <extracomment>Why a spreadsheet or its report cannot be read or written.</extracomment>
        <translation>The spreadsheet has no column {missing}.</translation>
    </message>
    <message>
        <source>The file could not be written: {text}.</source>
        <extracomment>Why a spreadsheet or its report cannot be read or written.</extracomment>
        <translation>The file could not be written: {text}.</translation>
    </message>
    <message>
        <source>Cancelled.</source>
        <extracomment>Why a spreadsheet or its report cannot be read or written.</extracomment>
        <translation>Cancelled.</translation>
    </message>
    <message>
        <source>The work on the spreadsheet ended unexpectedly ({text}).</source>
        <extracomment>Why a spreadsheet or its report cannot be read or written.</extracomment>
        <translation>The work on the spreadsheet ended unexpectedly ({text}).</translation>
    </message>
</context>
<context>
    <name>sheet_kind</name>
    <message>
        <source>a web page</source>
        <extracomment>What a file is that is not a spreadsheet, in “This is …, and not a spreadsheet.”</extracomment>
        <translation>a web page</translation>
    </message>
    <message>
        <source>only a link to a spreadsheet on the web</source>
        <extracomment>What a file is that is not a spreadsheet, in “This is …, and not a spreadsheet.”</extracomment>
        <translation>only a link to a spreadsheet on the web</translation>
    </message>
    <message>
        <source>a data file for programs</source>
        <extracomment>What a file is that is not a spreadsheet, in “This is …, and not a spreadsheet.”</extracomment>
        <translation>a data file for programs</translation>
    </message>
    <message>
        <source>a list of contacts from an address book</source>
        <extracomment>What a file is that is not a spreadsheet, in “This is …, and not a spreadsheet.”</extracomment>
        <translation>a list of contacts from an address book</translation>
    </message>
    <message>
        <source>a calendar</source>
        <extracomment>What a file is that is not a spreadsheet, in “This is …, and not a spreadsheet.”</extracomment>
        <translation>a calendar</translation>
    </message>
    <message>
        <source>an e-mail</source>
        <extracomment>What a file is that is not a spreadsheet, in “This is …, and not a spreadsheet.”</extracomment>
        <translation>an e-mail</translation>
    </message>
    <message>
        <source>a text document</source>
        <extracomment>What a file is that is not a spreadsheet, in “This is …, and not a spreadsheet.”</extracomment>
        <translation>a text document</translation>
    </message>
    <message>
        <source>a presentation</source>
        <extracomment>What a file is that is not a spreadsheet, in “This is …, and not a spreadsheet.”</extracomment>
        <translation>a presentation</translation>
    </message>
    <message>
        <source>a picture</source>
        <extracomment>What a file is that is not a spreadsheet, in “This is …, and not a spreadsheet.”</extracomment>
        <translation>a picture</translation>
    </message>
    <message>
        <source>a document of Apple Numbers</source>
        <extracomment>What a file is that is not a spreadsheet, in “This is …, and not a spreadsheet.”</extracomment>
        <translation>a document of Apple Numbers</translation>
    </message>
    <message>
        <source>a database</source>
        <extracomment>What a file is that is not a spreadsheet, in “This is …, and not a spreadsheet.”</extracomment>
        <translation>a database</translation>
    </message>
    <message>
        <source>an archive, which may hold a spreadsheet</source>
        <extracomment>What a file is that is not a spreadsheet, in “This is …, and not a spreadsheet.”</extracomment>
        <translation>an archive, which may hold a spreadsheet</translation>
    </message>
</context>
<context>
    <name>sheet_note</name>
    <message numerus="yes">
        <source>%Ln rows are hidden, by hand or by a filter (rows {rows}). They are read too.</source>
        <extracomment>What a person should know about a spreadsheet before it is sent.</extracomment>
        <translation>
            <numerusform>%Ln row is hidden, by hand or by a filter (row {rows}). It is read too.</numerusform>
            <numerusform>%Ln rows are hidden, by hand or by a filter (rows {rows}). They are read too.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln columns are hidden. E-mails do not show them unless you choose so.</source>
        <extracomment>What a person should know about a spreadsheet before it is sent.</extracomment>
        <translation>
            <numerusform>%Ln column is hidden. E-mails do not show it unless you choose so.</numerusform>
            <numerusform>%Ln columns are hidden. E-mails do not show them unless you choose so.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln cells are merged. Their value belongs to the first row only.</source>
        <extracomment>What a person should know about a spreadsheet before it is sent.</extracomment>
        <translation>
            <numerusform>%Ln cell is merged. Its value belongs to the first row only.</numerusform>
            <numerusform>%Ln cells are merged. Their value belongs to the first row only.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln formulas have no saved value and count as empty. Open the file in its own program and save it.</source>
        <extracomment>What a person should know about a spreadsheet before it is sent.</extracomment>
        <translation>
            <numerusform>%Ln formula has no saved value and counts as empty. Open the file in its own program and save it.</numerusform>
            <numerusform>%Ln formulas have no saved value and count as empty. Open the file in its own program and save it.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln cells have an error such as #N/A. Rows whose e-mail would show it need a look.</source>
        <extracomment>What a person should know about a spreadsheet before it is sent.</extracomment>
        <translation>
            <numerusform>%Ln cell has an error such as #N/A. If the e-mail would show it, the row needs a look.</numerusform>
            <numerusform>%Ln cells have an error such as #N/A. Rows whose e-mail would show it need a look.</numerusform>
        </translation>
    </message>
    <message>
        <source>Numbers with a rare format, and those of an .xls, are written plainly, not as the sheet shows them. Save an .xls as .xlsx to keep their format.</source>
        <extracomment>What a person should know about a spreadsheet before it is sent.</extracomment>
        <translation>Numbers with a rare format, and those of an .xls, are written plainly, not as the sheet shows them. Save an .xls as .xlsx to keep their format.</translation>
    </message>
    <message>
        <source>This sheet is hidden in its workbook.</source>
        <extracomment>What a person should know about a spreadsheet before it is sent.</extracomment>
        <translation>This sheet is hidden in its workbook.</translation>
    </message>
    <message numerus="yes">
        <source>%Ln other sheets are not read.</source>
        <extracomment>What a person should know about a spreadsheet before it is sent.</extracomment>
        <translation>
            <numerusform>%Ln other sheet is not read.</numerusform>
            <numerusform>%Ln other sheets are not read.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln hidden sheets are not read.</source>
        <extracomment>What a person should know about a spreadsheet before it is sent.</extracomment>
        <translation>
            <numerusform>%Ln hidden sheet is not read.</numerusform>
            <numerusform>%Ln hidden sheets are not read.</numerusform>
        </translation>
    </message>
    <message>
        <source>No column is the name: the e-mails are not addressed by name.</source>
        <extracomment>What a person should know about a spreadsheet before it is sent.</extracomment>
        <translation>No column is the name: the e-mails are not addressed by name.</translation>
    </message>
    <message>
        <source>Looks wrong, and is sent as it is: {texts}</source>
        <extracomment>{texts}: “«Ort»” in the template, row 2 “None”</extracomment>
        <translation>Looks wrong, and is sent as it is: {texts}</translation>
    </message>
    <message>
        <source>“{text}” in the template</source>
        <extracomment>What a person should know about a spreadsheet before it is sent.</extracomment>
        <translation>“{text}” in the template</translation>
    </message>
    <message>
        <source>row {row} “{text}”</source>
        <extracomment>What a person should know about a spreadsheet before it is sent.</extracomment>
        <translation>row {row} “{text}”</translation>
    </message>
    <message numerus="yes">
        <source>%Ln rows have no known word in “{header}”: their salutation is neutral.</source>
        <extracomment>What a person should know about a spreadsheet before it is sent.</extracomment>
        <translation>
            <numerusform>%Ln row has no known word in “{header}”: its salutation is neutral.</numerusform>
            <numerusform>%Ln rows have no known word in “{header}”: their salutation is neutral.</numerusform>
        </translation>
    </message>
    <message>
        <source>No column tells the salutation: all are neutral.</source>
        <extracomment>What a person should know about a spreadsheet before it is sent.</extracomment>
        <translation>No column tells the salutation: all are neutral.</translation>
    </message>
</context>
<context>
    <name>sheet_note.visible_only</name>
    <message numerus="yes">
        <source>%Ln hidden rows (rows {rows}) are left out.</source>
        <extracomment>What a person should know about a spreadsheet before it is sent.</extracomment>
        <translation>
            <numerusform>%Ln hidden row (row {rows}) is left out.</numerusform>
            <numerusform>%Ln hidden rows (rows {rows}) are left out.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>sign_in</name>
    <message>
        <source>Nobody is signed in with {issuer}.</source>
        <extracomment>Why an account cannot send. {issuer}: “Microsoft”</extracomment>
        <translation>Nobody is signed in with {issuer}.</translation>
    </message>
    <message>
        <source>{issuer} lets only registered applications sign in. An administrator registers Sendoff once, in five minutes, and gives you a client id for the mail settings.</source>
        <extracomment>Why an account cannot send. {issuer}: “Microsoft”</extracomment>
        <translation>{issuer} lets only registered applications sign in. An administrator registers Sendoff once, in five minutes, and gives you a client id for the mail settings.</translation>
    </message>
    <message>
        <source>{issuer} does not accept the client id or the client secret. Compare both with what the administrator registered.</source>
        <extracomment>Why an account cannot send. {issuer}: “Microsoft”</extracomment>
        <translation>{issuer} does not accept the client id or the client secret. Compare both with what the administrator registered.</translation>
    </message>
    <message>
        <source>{issuer} takes no password from programs any more. Sign in instead.</source>
        <extracomment>Why an account cannot send. {issuer}: “Microsoft”</extracomment>
        <translation>{issuer} takes no password from programs any more. Sign in instead.</translation>
    </message>
    <message>
        <source>{issuer} no longer accepts this sign-in. This happens when the password is changed or the right is withdrawn.</source>
        <extracomment>Why an account cannot send. {issuer}: “Microsoft”</extracomment>
        <translation>{issuer} no longer accepts this sign-in. This happens when the password is changed or the right is withdrawn.</translation>
    </message>
    <message>
        <source>The sign-in with {issuer} has expired.</source>
        <extracomment>Why an account cannot send. {issuer}: “Microsoft”</extracomment>
        <translation>The sign-in with {issuer} has expired.</translation>
    </message>
    <message>
        <source>{issuer} asks for another sign-in, for example with a second step (multi-factor authentication).</source>
        <extracomment>Why an account cannot send. {issuer}: “Microsoft”</extracomment>
        <translation>{issuer} asks for another sign-in, for example with a second step (multi-factor authentication).</translation>
    </message>
    <message>
        <source>A rule of your organisation (Conditional Access) does not allow this sign-in, for example because it does not manage this computer. Only your administrator can change that: allow Sendoff in the rule, or enrol the computer.</source>
        <extracomment>Why an account cannot send. {issuer}: “Microsoft”</extracomment>
        <translation>A rule of your organisation (Conditional Access) does not allow this sign-in, for example because it does not manage this computer. Only your administrator can change that: allow Sendoff in the rule, or enrol the computer.</translation>
    </message>
    <message>
        <source>The account is disabled at {issuer}. Your administrator must enable it. Or change the sender, and sign in with another account.</source>
        <extracomment>Why an account cannot send. {issuer}: “Microsoft”</extracomment>
        <translation>The account is disabled at {issuer}. Your administrator must enable it. Or change the sender, and sign in with another account.</translation>
    </message>
    <message>
        <source>Your organisation does not let this account use Sendoff. Your administrator allows it in Entra, under Enterprise applications → Sendoff: under Users and groups the account is assigned, under Properties sign-in is enabled.</source>
        <extracomment>Why an account cannot send. {issuer}: “Microsoft”</extracomment>
        <translation>Your organisation does not let this account use Sendoff. Your administrator allows it in Entra, under Enterprise applications → Sendoff: under Users and groups the account is assigned, under Properties sign-in is enabled.</translation>
    </message>
    <message>
        <source>{issuer} asks Sendoff for a client secret, as it does of programs on servers. Your administrator sets “Allow public client flows” to Yes in the registration of Sendoff, under Authentication.</source>
        <extracomment>Why an account cannot send. {issuer}: “Microsoft”</extracomment>
        <translation>{issuer} asks Sendoff for a client secret, as it does of programs on servers. Your administrator sets “Allow public client flows” to Yes in the registration of Sendoff, under Authentication.</translation>
    </message>
    <message>
        <source>Your administrator must allow Sendoff at {issuer}. The mail settings and `sendoff sign-in` have the request to send.</source>
        <extracomment>Why an account cannot send. {issuer}: “Microsoft”</extracomment>
        <translation>Your administrator must allow Sendoff at {issuer}. The mail settings and `sendoff sign-in` have the request to send.</translation>
    </message>
    <message>
        <source>The account or the client id does not belong to the organisation in the mail settings. Correct the tenant there.</source>
        <extracomment>Why an account cannot send. {issuer}: “Microsoft”</extracomment>
        <translation>The account or the client id does not belong to the organisation in the mail settings. Correct the tenant there.</translation>
    </message>
    <message>
        <source>{account} is signed in and may not send from {sender}. Sign in as {sender}, or change the sender in the mail settings.</source>
        <extracomment>Why an account cannot send. {issuer}: “Microsoft”</extracomment>
        <translation>{account} is signed in and may not send from {sender}. Sign in as {sender}, or change the sender in the mail settings.</translation>
    </message>
    <message>
        <source>You chose not to allow it. Nothing was changed.</source>
        <extracomment>Why an account cannot send. {issuer}: “Microsoft”</extracomment>
        <translation>You chose not to allow it. Nothing was changed.</translation>
    </message>
    <message>
        <source>No answer came from {issuer}. Nothing was changed.</source>
        <extracomment>Why an account cannot send. {issuer}: “Microsoft”</extracomment>
        <translation>No answer came from {issuer}. Nothing was changed.</translation>
    </message>
    <message>
        <source>Signing in with {issuer} is not possible now. Nothing was changed.</source>
        <extracomment>Why an account cannot send. {issuer}: “Microsoft”</extracomment>
        <translation>Signing in with {issuer} is not possible now. Nothing was changed.</translation>
    </message>
    <message>
        <source>Sign in in the mail settings, or with `sendoff sign-in`.</source>
        <extracomment>After such a reason, outside the window.</extracomment>
        <translation>Sign in in the mail settings, or with `sendoff sign-in`.</translation>
    </message>
</context>
<context>
    <name>skipped</name>
    <message numerus="yes">
        <source>%Ln are scheduled</source>
        <extracomment>Tasks that an action leaves alone, in a list after “Skipped:”.</extracomment>
        <translation>
            <numerusform>%Ln is scheduled</numerusform>
            <numerusform>%Ln are scheduled</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln are queued</source>
        <extracomment>Tasks that an action leaves alone, in a list after “Skipped:”.</extracomment>
        <translation>
            <numerusform>%Ln is queued</numerusform>
            <numerusform>%Ln are queued</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln are running</source>
        <extracomment>Tasks that an action leaves alone, in a list after “Skipped:”.</extracomment>
        <translation>
            <numerusform>%Ln is running</numerusform>
            <numerusform>%Ln are running</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln are waiting</source>
        <extracomment>Tasks that an action leaves alone, in a list after “Skipped:”.</extracomment>
        <translation>
            <numerusform>%Ln is waiting</numerusform>
            <numerusform>%Ln are waiting</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln are done</source>
        <extracomment>Tasks that an action leaves alone, in a list after “Skipped:”.</extracomment>
        <translation>
            <numerusform>%Ln is done</numerusform>
            <numerusform>%Ln are done</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln have failed</source>
        <extracomment>Tasks that an action leaves alone, in a list after “Skipped:”.</extracomment>
        <translation>
            <numerusform>%Ln has failed</numerusform>
            <numerusform>%Ln have failed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln are cancelled</source>
        <extracomment>Tasks that an action leaves alone, in a list after “Skipped:”.</extracomment>
        <translation>
            <numerusform>%Ln is cancelled</numerusform>
            <numerusform>%Ln are cancelled</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln are uncertain</source>
        <extracomment>Tasks that an action leaves alone, in a list after “Skipped:”.</extracomment>
        <translation>
            <numerusform>%Ln is uncertain</numerusform>
            <numerusform>%Ln are uncertain</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln are gone</source>
        <extracomment>Tasks that an action leaves alone, in a list after “Skipped:”.</extracomment>
        <translation>
            <numerusform>%Ln is gone</numerusform>
            <numerusform>%Ln are gone</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln were kept in practice mode</source>
        <extracomment>Tasks that an action leaves alone, in a list after “Skipped:”.</extracomment>
        <translation>
            <numerusform>%Ln was kept in practice mode</numerusform>
            <numerusform>%Ln were kept in practice mode</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln can no longer be stopped</source>
        <extracomment>Tasks that an action leaves alone, in a list after “Skipped:”.</extracomment>
        <translation>
            <numerusform>%Ln can no longer be stopped</numerusform>
            <numerusform>%Ln can no longer be stopped</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln are in a paused queue</source>
        <extracomment>Tasks that an action leaves alone, in a list after “Skipped:”.</extracomment>
        <translation>
            <numerusform>%Ln is in a paused queue</numerusform>
            <numerusform>%Ln are in a paused queue</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln must be done before that time</source>
        <extracomment>Tasks that an action leaves alone, in a list after “Skipped:”.</extracomment>
        <translation>
            <numerusform>%Ln must be done before that time</numerusform>
            <numerusform>%Ln must be done before that time</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln have no function to run</source>
        <extracomment>Tasks that an action leaves alone, in a list after “Skipped:”.</extracomment>
        <translation>
            <numerusform>%Ln has no function to run</numerusform>
            <numerusform>%Ln have no function to run</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln are open under the same key</source>
        <extracomment>Tasks that an action leaves alone, in a list after “Skipped:”.</extracomment>
        <translation>
            <numerusform>%Ln is open under the same key</numerusform>
            <numerusform>%Ln are open under the same key</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln were done again since</source>
        <extracomment>Tasks that an action leaves alone, in a list after “Skipped:”.</extracomment>
        <translation>
            <numerusform>%Ln was done again since</numerusform>
            <numerusform>%Ln were done again since</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln failed or are uncertain (choose Mark as seen first)</source>
        <extracomment>Tasks that an action leaves alone, in a list after “Skipped:”.</extracomment>
        <translation>
            <numerusform>%Ln failed or is uncertain (choose Mark as seen first)</numerusform>
            <numerusform>%Ln failed or are uncertain (choose Mark as seen first)</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln have tasks waiting for them</source>
        <extracomment>Tasks that an action leaves alone, in a list after “Skipped:”.</extracomment>
        <translation>
            <numerusform>%Ln has tasks waiting for it</numerusform>
            <numerusform>%Ln have tasks waiting for them</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln for other reasons</source>
        <extracomment>Tasks that an action leaves alone, in a list after “Skipped:”.</extracomment>
        <translation>
            <numerusform>%Ln for another reason</numerusform>
            <numerusform>%Ln for other reasons</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln start once you resume their batch</source>
        <extracomment>Tasks that an action leaves alone, in a list after “Skipped:”.</extracomment>
        <translation>
            <numerusform>%Ln starts once you resume its batch</numerusform>
            <numerusform>%Ln start once you resume their batch</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln start once their batch allows</source>
        <extracomment>Tasks that an action leaves alone, in a list after “Skipped:”.</extracomment>
        <translation>
            <numerusform>%Ln starts once its batch allows</numerusform>
            <numerusform>%Ln start once their batch allows</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln have a newer e-mail</source>
        <extracomment>Tasks that an action leaves alone, in a list after “Skipped:”.</extracomment>
        <translation>
            <numerusform>%Ln has a newer e-mail</numerusform>
            <numerusform>%Ln have a newer e-mail</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>start</name>
    <message numerus="yes">
        <source>%Ln tasks will start at this time.</source>
        <extracomment>What becomes of the times at which tasks start.</extracomment>
        <translation>
            <numerusform>%Ln task will start at this time.</numerusform>
            <numerusform>%Ln tasks will start at this time.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln tasks start {when}</source>
        <extracomment>What becomes of the times at which tasks start.</extracomment>
        <translation>
            <numerusform>%Ln task starts {when}</numerusform>
            <numerusform>%Ln tasks start {when}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln were skipped: {why}</source>
        <extracomment>What becomes of the times at which tasks start.</extracomment>
        <translation>
            <numerusform>%Ln was skipped: {why}</numerusform>
            <numerusform>%Ln were skipped: {why}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>state</name>
    <message>
        <source>Scheduled</source>
        <extracomment>The state of a task, in a list or on a chip.</extracomment>
        <translation>Scheduled</translation>
    </message>
    <message>
        <source>Queued</source>
        <extracomment>The state of a task, in a list or on a chip.</extracomment>
        <translation>Queued</translation>
    </message>
    <message>
        <source>Running</source>
        <extracomment>The state of a task, in a list or on a chip.</extracomment>
        <translation>Running</translation>
    </message>
    <message>
        <source>Waiting</source>
        <extracomment>The state of a task, in a list or on a chip.</extracomment>
        <translation>Waiting</translation>
    </message>
    <message>
        <source>Done</source>
        <extracomment>The state of a task, in a list or on a chip.</extracomment>
        <translation>Done</translation>
    </message>
    <message>
        <source>Failed</source>
        <extracomment>The state of a task, in a list or on a chip.</extracomment>
        <translation>Failed</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <extracomment>The state of a task, in a list or on a chip.</extracomment>
        <translation>Cancelled</translation>
    </message>
    <message>
        <source>Uncertain</source>
        <extracomment>Whether the effect of the task happened is not known.</extracomment>
        <translation>Uncertain</translation>
    </message>
    <message>
        <source>Kept</source>
        <extracomment>The state of a task, in a list or on a chip.</extracomment>
        <translation>Kept</translation>
    </message>
    <message>
        <source>Replaced</source>
        <extracomment>The state of a task, in a list or on a chip.</extracomment>
        <translation>Replaced</translation>
    </message>
    <message>
        <source>{state} · ready</source>
        <extracomment>The state of a task, in a list or on a chip.</extracomment>
        <translation>{state} · ready</translation>
    </message>
    <message>
        <source>{state} · on hold</source>
        <extracomment>The state of a task, in a list or on a chip.</extracomment>
        <translation>{state} · on hold</translation>
    </message>
    <message>
        <source>{state} · paused</source>
        <extracomment>The state of a task, in a list or on a chip.</extracomment>
        <translation>{state} · paused</translation>
    </message>
    <message>
        <source>{state} · seen</source>
        <extracomment>The state of a task, in a list or on a chip.</extracomment>
        <translation>{state} · seen</translation>
    </message>
    <message>
        <source>Bounced</source>
        <extracomment>The state of a task, in a list or on a chip.</extracomment>
        <translation>Bounced</translation>
    </message>
    <message>
        <source>{state} {time}</source>
        <extracomment>When a task ended: “Sent 10:36”. {time} may have a day before it.</extracomment>
        <translation>{state} {time}</translation>
    </message>
    <message>
        <source>{state}: {said}</source>
        <extracomment>{said} is an error, a reason or a progress.</extracomment>
        <translation>{state}: {said}</translation>
    </message>
</context>
<context>
    <name>state.queue_mail</name>
    <message>
        <source>Sending</source>
        <extracomment>The state of an e-mail, in a list or on a chip.</extracomment>
        <translation>Sending</translation>
    </message>
    <message>
        <source>Sent</source>
        <extracomment>The state of an e-mail, in a list or on a chip.</extracomment>
        <translation>Sent</translation>
    </message>
</context>
<context>
    <name>stop</name>
    <message>
        <source>It was cancelled.</source>
        <extracomment>Why an attempt was stopped.</extracomment>
        <translation>It was cancelled.</translation>
    </message>
    <message>
        <source>It ran past its timeout.</source>
        <extracomment>Why an attempt was stopped.</extracomment>
        <translation>It ran past its timeout.</translation>
    </message>
    <message>
        <source>The engine is stopping.</source>
        <extracomment>Why an attempt was stopped.</extracomment>
        <translation>The engine is stopping.</translation>
    </message>
    <message>
        <source>Another attempt has taken over.</source>
        <extracomment>Why an attempt was stopped.</extracomment>
        <translation>Another attempt has taken over.</translation>
    </message>
</context>
<context>
    <name>stopped</name>
    <message>
        <source>Paused</source>
        <extracomment>What is paused or on hold, in a word or two below the lists.</extracomment>
        <translation>Paused</translation>
    </message>
    <message numerus="yes">
        <source>%Ln queues paused</source>
        <extracomment>What is paused or on hold, in a word or two below the lists.</extracomment>
        <translation>
            <numerusform>%Ln queue paused</numerusform>
            <numerusform>%Ln queues paused</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>store</name>
    <message>
        <source>The disk is full, so nothing new can be kept. Free some space.</source>
        <extracomment>Why the file of the tasks cannot be opened or written. {file} is its path, {why} an error.</extracomment>
        <translation>The disk is full, so nothing new can be kept. Free some space.</translation>
    </message>
    <message>
        <source>The database cannot be written: its file or folder is read-only.</source>
        <extracomment>Why the file of the tasks cannot be opened or written. {file} is its path, {why} an error.</extracomment>
        <translation>The database cannot be written: its file or folder is read-only.</translation>
    </message>
    <message>
        <source>Another program keeps the database locked. Close it.</source>
        <extracomment>Why the file of the tasks cannot be opened or written. {file} is its path, {why} an error.</extracomment>
        <translation>Another program keeps the database locked. Close it.</translation>
    </message>
    <message>
        <source>The database is damaged. Restore a copy of it.</source>
        <extracomment>Why the file of the tasks cannot be opened or written. {file} is its path, {why} an error.</extracomment>
        <translation>The database is damaged. Restore a copy of it.</translation>
    </message>
    <message>
        <source>The database file cannot be opened.</source>
        <extracomment>Why the file of the tasks cannot be opened or written. {file} is its path, {why} an error.</extracomment>
        <translation>The database file cannot be opened.</translation>
    </message>
    <message>
        <source>The disk reports an error, so nothing new can be kept. Check the disk.</source>
        <extracomment>Why the file of the tasks cannot be opened or written. {file} is its path, {why} an error.</extracomment>
        <translation>The disk reports an error, so nothing new can be kept. Check the disk.</translation>
    </message>
    <message>
        <source>No memory is left, so nothing new can be kept. Close other programs.</source>
        <extracomment>Why the file of the tasks cannot be opened or written. {file} is its path, {why} an error.</extracomment>
        <translation>No memory is left, so nothing new can be kept. Close other programs.</translation>
    </message>
    <message>
        <source>The database refused to write: {why}.</source>
        <extracomment>Why the file of the tasks cannot be opened or written. {file} is its path, {why} an error.</extracomment>
        <translation>The database refused to write: {why}.</translation>
    </message>
    <message>
        <source>{file} cannot be opened: {why}.</source>
        <extracomment>Why the file of the tasks cannot be opened or written. {file} is its path, {why} an error.</extracomment>
        <translation>{file} cannot be opened: {why}.</translation>
    </message>
    <message>
        <source>{file}: {why}.</source>
        <extracomment>Why the file of the tasks cannot be opened or written. {file} is its path, {why} an error.</extracomment>
        <translation>{file}: {why}.</translation>
    </message>
    <message>
        <source>It could not be recorded: {why}</source>
        <extracomment>Why the file of the tasks cannot be opened or written. {file} is its path, {why} an error.</extracomment>
        <translation>It could not be recorded: {why}</translation>
    </message>
    <message>
        <source>What is stored here was written by a newer version of this program. Install that version again; nothing was changed. The file is {file}.</source>
        <extracomment>Why the file of the tasks cannot be opened or written. {file} is its path, {why} an error.</extracomment>
        <translation>What is stored here was written by a newer version of this program. Install that version again; nothing was changed. The file is {file}.</translation>
    </message>
    <message>
        <source>What is stored here was written by an older version of this program. Install that version again; nothing was changed. The file is {file}.</source>
        <extracomment>Why the file of the tasks cannot be opened or written. {file} is its path, {why} an error.</extracomment>
        <translation>What is stored here was written by an older version of this program. Install that version again; nothing was changed. The file is {file}.</translation>
    </message>
    <message>
        <source>What is stored here was written by an older version of this program, and could not be brought up to date: {why} Nothing was changed.</source>
        <extracomment>Why the file of the tasks cannot be opened or written. {file} is its path, {why} an error.</extracomment>
        <translation>What is stored here was written by an older version of this program, and could not be brought up to date: {why} Nothing was changed.</translation>
    </message>
    <message>
        <source>{file} is already in use by process {holder}, which is no process of this app. End that process first, or name another data folder.</source>
        <extracomment>Why the file of the tasks cannot be opened or written. {file} is its path, {why} an error.</extracomment>
        <translation>{file} is already in use by process {holder}, which is no process of this app. End that process first, or name another data folder.</translation>
    </message>
    <message>
        <source>{file} cannot be used: {why}. {command} puts its backup of {backup} in its place; what came after that is lost. To begin with an empty list, move its backups away too.</source>
        <extracomment>Why the file of the tasks cannot be opened or written. {file} is its path, {why} an error.</extracomment>
        <translation>{file} cannot be used: {why}. {command} puts its backup of {backup} in its place; what came after that is lost. To begin with an empty list, move its backups away too.</translation>
    </message>
    <message>
        <source>{file} belongs to another user, who could have any task run. If you trust what is in it, make it your own (chown); else move it away.</source>
        <extracomment>Why the file of the tasks cannot be opened or written. {file} is its path, {why} an error.</extracomment>
        <translation>{file} belongs to another user, who could have any task run. If you trust what is in it, make it your own (chown); else move it away.</translation>
    </message>
</context>
<context>
    <name>store.in_use</name>
    <message>
        <source>{file} cannot be used: {why}. Move and restore nothing yet: end any other program that uses it, also a second one of these, then restart this one, which checks it.</source>
        <extracomment>Why the file of the tasks cannot be opened or written. {file} is its path, {why} an error.</extracomment>
        <translation>{file} cannot be used: {why}. Move and restore nothing yet: end any other program that uses it, also a second one of these, then restart this one, which checks it.</translation>
    </message>
</context>
<context>
    <name>store.no_backup</name>
    <message>
        <source>{file} cannot be used: {why}. There is no backup of it: move {files} away to begin with an empty list.</source>
        <extracomment>Why the file of the tasks cannot be opened or written. {file} is its path, {why} an error.</extracomment>
        <translation>{file} cannot be used: {why}. There is no backup of it: move {files} away to begin with an empty list.</translation>
    </message>
</context>
<context>
    <name>store.own</name>
    <message>
        <source>{file} is already in use by this process (or by process {holder} of another container): by an engine that has not stopped, or functions that its stop did not end. Wait for their end first, or name another data folder.</source>
        <extracomment>Why the file of the tasks cannot be opened or written. {file} is its path, {why} an error.</extracomment>
        <translation>{file} is already in use by this process (or by process {holder} of another container): by an engine that has not stopped, or functions that its stop did not end. Wait for their end first, or name another data folder.</translation>
    </message>
</context>
<context>
    <name>store.unknown</name>
    <message>
        <source>{file} is already in use by another process, which is no process of this app. End that process first, or name another data folder.</source>
        <extracomment>Why the file of the tasks cannot be opened or written. {file} is its path, {why} an error.</extracomment>
        <translation>{file} is already in use by another process, which is no process of this app. End that process first, or name another data folder.</translation>
    </message>
</context>
<context>
    <name>submission</name>
    <message>
        <source>Item {number} is registered</source>
        <extracomment>What became of an item that was submitted.</extracomment>
        <translation>Item {number} is registered</translation>
    </message>
    <message>
        <source>Item {number} was taken back</source>
        <extracomment>What became of an item that was submitted.</extracomment>
        <translation>Item {number} was taken back</translation>
    </message>
    <message>
        <source>It could not be saved on this disk, so it was not submitted: {why}</source>
        <extracomment>What became of an item that was submitted.</extracomment>
        <translation>It could not be saved on this disk, so it was not submitted: {why}</translation>
    </message>
    <message>
        <source>An item was not accepted: {why}</source>
        <extracomment>What became of an item that was submitted.</extracomment>
        <translation>An item was not accepted: {why}</translation>
    </message>
    <message>
        <source>An item was submitted but not confirmed: it may be registered already. {why}</source>
        <extracomment>What became of an item that was submitted.</extracomment>
        <translation>An item was submitted but not confirmed: it may be registered already. {why}</translation>
    </message>
    <message>
        <source>An item of {day} was submitted but not confirmed: it may be registered already</source>
        <extracomment>What became of an item that was submitted.</extracomment>
        <translation>An item of {day} was submitted but not confirmed: it may be registered already</translation>
    </message>
    <message>
        <source>Only a confirmation can go to another address. This task finds its own.</source>
        <extracomment>What became of an item that was submitted.</extracomment>
        <translation>Only a confirmation can go to another address. This task finds its own.</translation>
    </message>
    <message>
        <source>Enter a recipient: the setting mail.default_recipient is used in practice mode only.</source>
        <extracomment>What became of an item that was submitted.</extracomment>
        <translation>Enter a recipient: the setting mail.default_recipient is used in practice mode only.</translation>
    </message>
</context>
<context>
    <name>tail</name>
    <message>
        <source>in {s} s</source>
        <extracomment>How far an action is, after its button's name and a number: “Cancel · 3 tasks · in 5 s”.</extracomment>
        <translation>in {s} s</translation>
    </message>
    <message>
        <source>soon</source>
        <extracomment>How far an action is, after its button's name and a number: “Cancel · 3 tasks · in 5 s”.</extracomment>
        <translation>soon</translation>
    </message>
    <message>
        <source>now</source>
        <extracomment>How far an action is, after its button's name and a number: “Cancel · 3 tasks · in 5 s”.</extracomment>
        <translation>now</translation>
    </message>
    <message numerus="yes">
        <source>{done} of %Ln tasks</source>
        <extracomment>How far an action is, after its button's name and a number: “Cancel · 3 tasks · in 5 s”.</extracomment>
        <translation>
            <numerusform>{done} of %Ln task</numerusform>
            <numerusform>{done} of %Ln tasks</numerusform>
        </translation>
    </message>
    <message>
        <source>done</source>
        <extracomment>How far an action is, after its button's name and a number: “Cancel · 3 tasks · in 5 s”.</extracomment>
        <translation>done</translation>
    </message>
    <message>
        <source>queued</source>
        <extracomment>How far an action is, after its button's name and a number: “Cancel · 3 tasks · in 5 s”.</extracomment>
        <translation>queued</translation>
    </message>
    <message>
        <source>stopped by an error: {error}</source>
        <extracomment>How far an action is, after its button's name and a number: “Cancel · 3 tasks · in 5 s”.</extracomment>
        <translation>stopped by an error: {error}</translation>
    </message>
    <message>
        <source>Nothing to do</source>
        <extracomment>How far an action is, after its button's name and a number: “Cancel · 3 tasks · in 5 s”.</extracomment>
        <translation>Nothing to do</translation>
    </message>
</context>
<context>
    <name>target</name>
    <message>
        <source>Left out</source>
        <extracomment>What a column of a spreadsheet becomes.</extracomment>
        <translation>Left out</translation>
    </message>
    <message>
        <source>Item number</source>
        <extracomment>What a column of a spreadsheet becomes.</extracomment>
        <translation>Item number</translation>
    </message>
    <message>
        <source>Name</source>
        <extracomment>What a column of a spreadsheet becomes.</extracomment>
        <translation>Name</translation>
    </message>
    <message>
        <source>First name</source>
        <extracomment>What a column of a spreadsheet becomes.</extracomment>
        <translation>First name</translation>
    </message>
    <message>
        <source>E-mail</source>
        <extracomment>What a column of a spreadsheet becomes.</extracomment>
        <translation>E-mail</translation>
    </message>
    <message>
        <source>Cc</source>
        <extracomment>What a column of a spreadsheet becomes.</extracomment>
        <translation>Cc</translation>
    </message>
    <message>
        <source>Bcc</source>
        <extracomment>What a column of a spreadsheet becomes.</extracomment>
        <translation>Bcc</translation>
    </message>
    <message>
        <source>Title</source>
        <extracomment>What a column of a spreadsheet becomes.</extracomment>
        <translation>Title</translation>
    </message>
    <message>
        <source>Note in the e-mail</source>
        <extracomment>What a column of a spreadsheet becomes.</extracomment>
        <translation>Note in the e-mail</translation>
    </message>
    <message>
        <source>Send at</source>
        <extracomment>What a column of a spreadsheet becomes.</extracomment>
        <translation>Send at</translation>
    </message>
    <message>
        <source>Attachment</source>
        <extracomment>What a column of a spreadsheet becomes.</extracomment>
        <translation>Attachment</translation>
    </message>
    <message>
        <source>Template</source>
        <extracomment>What a column of a spreadsheet becomes.</extracomment>
        <translation>Template</translation>
    </message>
    <message>
        <source>Field “{name}”</source>
        <extracomment>What a column of a spreadsheet becomes.</extracomment>
        <translation>Field “{name}”</translation>
    </message>
</context>
<context>
    <name>template</name>
    <message>
        <source>Confirmation</source>
        <extracomment>The name of the built-in template.</extracomment>
        <translation>Confirmation</translation>
    </message>
    <message>
        <source>There is no template “{name}”.</source>
        <extracomment>The name of the built-in template.</extracomment>
        <translation>There is no template “{name}”.</translation>
    </message>
    <message>
        <source>It was changed elsewhere since. Save again to keep yours; the other text stays under … › Earlier versions.</source>
        <extracomment>The name of the built-in template.</extracomment>
        <translation>It was changed elsewhere since. Save again to keep yours; the other text stays under … › Earlier versions.</translation>
    </message>
    <message>
        <source>It was changed elsewhere since. Save again to keep yours.</source>
        <extracomment>The name of the built-in template.</extracomment>
        <translation>It was changed elsewhere since. Save again to keep yours.</translation>
    </message>
    <message>
        <source>The template “{name}” has no version {version}.</source>
        <extracomment>The name of the built-in template.</extracomment>
        <translation>The template “{name}” has no version {version}.</translation>
    </message>
    <message>
        <source>The template “{name}” comes with Sendoff and stays.</source>
        <extracomment>The name of the built-in template.</extracomment>
        <translation>The template “{name}” comes with Sendoff and stays.</translation>
    </message>
    <message numerus="yes">
        <source>The template “{name}” is needed by %Ln open tasks.</source>
        <extracomment>The name of the built-in template.</extracomment>
        <translation>
            <numerusform>The template “{name}” is needed by %Ln open task.</numerusform>
            <numerusform>The template “{name}” is needed by %Ln open tasks.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The template “{name}” is needed by at least %Ln open tasks.</source>
        <extracomment>The name of the built-in template.</extracomment>
        <translation>
            <numerusform>The template “{name}” is needed by at least %Ln open task.</numerusform>
            <numerusform>The template “{name}” is needed by at least %Ln open tasks.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>template_code</name>
    <message>
        <source>Line {line}: {why}</source>
        <extracomment>What is wrong in the text of a template; without a full stop where the sentence goes on.</extracomment>
        <translation>Line {line}: {why}</translation>
    </message>
    <message>
        <source>“{open}” is not closed by “{close}”.</source>
        <extracomment>What is wrong in the text of a template; without a full stop where the sentence goes on.</extracomment>
        <translation>“{open}” is not closed by “{close}”.</translation>
    </message>
    <message>
        <source>“{tag}” has no “{begin}” before it.</source>
        <extracomment>What is wrong in the text of a template; without a full stop where the sentence goes on.</extracomment>
        <translation>“{tag}” has no “{begin}” before it.</translation>
    </message>
    <message>
        <source>There is no command “{tag}”.</source>
        <extracomment>What is wrong in the text of a template; without a full stop where the sentence goes on.</extracomment>
        <translation>There is no command “{tag}”.</translation>
    </message>
    <message>
        <source>“{tag}” is not ended: “{{% end{tag} %}}” is missing.</source>
        <extracomment>What is wrong in the text of a template; without a full stop where the sentence goes on.</extracomment>
        <translation>“{tag}” is not ended: “{{% end{tag} %}}” is missing.</translation>
    </message>
    <message>
        <source>There is no filter “{filter}”.</source>
        <extracomment>What is wrong in the text of a template; without a full stop where the sentence goes on.</extracomment>
        <translation>There is no filter “{filter}”.</translation>
    </message>
    <message>
        <source>“{field}” is the field of a column whose heading begins with a number.</source>
        <extracomment>What is wrong in the text of a template; without a full stop where the sentence goes on.</extracomment>
        <translation>“{field}” is the field of a column whose heading begins with a number.</translation>
    </message>
    <message>
        <source>“{field}” is the field of a column whose heading is a number.</source>
        <extracomment>What is wrong in the text of a template; without a full stop where the sentence goes on.</extracomment>
        <translation>“{field}” is the field of a column whose heading is a number.</translation>
    </message>
    <message>
        <source>“{text}” is not the name of a field.</source>
        <extracomment>What is wrong in the text of a template; without a full stop where the sentence goes on.</extracomment>
        <translation>“{text}” is not the name of a field.</translation>
    </message>
    <message>
        <source>What stands between the braces is not the name of a field.</source>
        <extracomment>What is wrong in the text of a template; without a full stop where the sentence goes on.</extracomment>
        <translation>What stands between the braces is not the name of a field.</translation>
    </message>
    <message>
        <source>“{what}” cannot be used in a template.</source>
        <extracomment>What is wrong in the text of a template; without a full stop where the sentence goes on.</extracomment>
        <translation>“{what}” cannot be used in a template.</translation>
    </message>
    <message numerus="yes">
        <source>Its loops take more than %Ln rounds.</source>
        <extracomment>What is wrong in the text of a template; without a full stop where the sentence goes on.</extracomment>
        <translation>
            <numerusform>Its loops take more than %Ln round.</numerusform>
            <numerusform>Its loops take more than %Ln rounds.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>It takes longer than %Ln s.</source>
        <extracomment>What is wrong in the text of a template; without a full stop where the sentence goes on.</extracomment>
        <translation>
            <numerusform>It takes longer than %Ln s.</numerusform>
            <numerusform>It takes longer than %Ln s.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>It makes more than %Ln characters.</source>
        <extracomment>What is wrong in the text of a template; without a full stop where the sentence goes on.</extracomment>
        <translation>
            <numerusform>It makes more than %Ln character.</numerusform>
            <numerusform>It makes more than %Ln characters.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>A range here has at most %Ln numbers.</source>
        <extracomment>What is wrong in the text of a template; without a full stop where the sentence goes on.</extracomment>
        <translation>
            <numerusform>A range here has at most %Ln number.</numerusform>
            <numerusform>A range here has at most %Ln numbers.</numerusform>
        </translation>
    </message>
    <message>
        <source>“{operator}” is for numbers of a usual size.</source>
        <extracomment>What is wrong in the text of a template; without a full stop where the sentence goes on.</extracomment>
        <translation>“{operator}” is for numbers of a usual size.</translation>
    </message>
    <message>
        <source>A part of the program cannot be shown.</source>
        <extracomment>What is wrong in the text of a template; without a full stop where the sentence goes on.</extracomment>
        <translation>A part of the program cannot be shown.</translation>
    </message>
    <message>
        <source>There is no “{name}” here.</source>
        <extracomment>What is wrong in the text of a template; without a full stop where the sentence goes on.</extracomment>
        <translation>There is no “{name}” here.</translation>
    </message>
    <message>
        <source>“{field}” is empty</source>
        <extracomment>What is wrong in the text of a template; without a full stop where the sentence goes on.</extracomment>
        <translation>“{field}” is empty</translation>
    </message>
    <message>
        <source>“{field}” is {kind} here, {wanted}</source>
        <extracomment>What is wrong in the text of a template; without a full stop where the sentence goes on.</extracomment>
        <translation>“{field}” is {kind} here, {wanted}</translation>
    </message>
    <message>
        <source>“{field}” is “{text}”, which is {wanted}</source>
        <extracomment>What is wrong in the text of a template; without a full stop where the sentence goes on.</extracomment>
        <translation>“{field}” is “{text}”, which is {wanted}</translation>
    </message>
    <message>
        <source>“{text}” is {wanted}</source>
        <extracomment>What is wrong in the text of a template; without a full stop where the sentence goes on.</extracomment>
        <translation>“{text}” is {wanted}</translation>
    </message>
    <message>
        <source>“{field}” and “{other}” cannot be compared</source>
        <extracomment>What is wrong in the text of a template; without a full stop where the sentence goes on.</extracomment>
        <translation>“{field}” and “{other}” cannot be compared</translation>
    </message>
    <message>
        <source>“{field}” is 0, which nothing is divided by</source>
        <extracomment>What is wrong in the text of a template; without a full stop where the sentence goes on.</extracomment>
        <translation>“{field}” is 0, which nothing is divided by</translation>
    </message>
    <message>
        <source>It divides by 0</source>
        <extracomment>What is wrong in the text of a template; without a full stop where the sentence goes on.</extracomment>
        <translation>It divides by 0</translation>
    </message>
</context>
<context>
    <name>template_fault</name>
    <message numerus="yes">
        <source>The template “{name}” is longer than %Ln characters.</source>
        <extracomment>Why a template, its letterhead or an attachment cannot be used.</extracomment>
        <translation>
            <numerusform>The template “{name}” is longer than %Ln character.</numerusform>
            <numerusform>The template “{name}” is longer than %Ln characters.</numerusform>
        </translation>
    </message>
    <message>
        <source>The template “{name}” has no block “{block}”.</source>
        <extracomment>Why a template, its letterhead or an attachment cannot be used.</extracomment>
        <translation>The template “{name}” has no block “{block}”.</translation>
    </message>
    <message>
        <source>The template “{name}” is nested too deeply.</source>
        <extracomment>Why a template, its letterhead or an attachment cannot be used.</extracomment>
        <translation>The template “{name}” is nested too deeply.</translation>
    </message>
    <message>
        <source>The template “{name}” needs “{field}”, which is missing.</source>
        <extracomment>Why a template, its letterhead or an attachment cannot be used.</extracomment>
        <translation>The template “{name}” needs “{field}”, which is missing.</translation>
    </message>
    <message>
        <source>The template “{name}” does not render: {why}</source>
        <extracomment>Why a template, its letterhead or an attachment cannot be used.</extracomment>
        <translation>The template “{name}” does not render: {why}</translation>
    </message>
    <message>
        <source>{why}. The template “{name}” uses it.</source>
        <extracomment>Why a template, its letterhead or an attachment cannot be used.</extracomment>
        <translation>{why}. The template “{name}” uses it.</translation>
    </message>
    <message>
        <source>{file} is not UTF-8. Save it as UTF-8.</source>
        <extracomment>Why a template, its letterhead or an attachment cannot be used.</extracomment>
        <translation>{file} is not UTF-8. Save it as UTF-8.</translation>
    </message>
    <message>
        <source>Your template “{name}” is gone, and the built-in one does not replace it automatically. Put {file} back, or save the template again.</source>
        <extracomment>Why a template, its letterhead or an attachment cannot be used.</extracomment>
        <translation>Your template “{name}” is gone, and the built-in one does not replace it automatically. Put {file} back, or save the template again.</translation>
    </message>
    <message>
        <source>The text of “{name}” with which this e-mail was planned is no longer stored. Save the template to send it with today’s.</source>
        <extracomment>Why a template, its letterhead or an attachment cannot be used.</extracomment>
        <translation>The text of “{name}” with which this e-mail was planned is no longer stored. Save the template to send it with today’s.</translation>
    </message>
    <message>
        <source>The format can only be {format}.</source>
        <extracomment>Why a template, its letterhead or an attachment cannot be used.</extracomment>
        <translation>The format can only be {format}.</translation>
    </message>
    <message>
        <source>A letter makes its HTML from its text: it has no block “html”.</source>
        <extracomment>Why a template, its letterhead or an attachment cannot be used.</extracomment>
        <translation>A letter makes its HTML from its text: it has no block “html”.</translation>
    </message>
    <message>
        <source>A text cannot have the tags “block” and “endblock”.</source>
        <extracomment>Why a template, its letterhead or an attachment cannot be used.</extracomment>
        <translation>A text cannot have the tags “block” and “endblock”.</translation>
    </message>
    <message>
        <source>Line {line} of the head is not understood. It can have {known}.</source>
        <extracomment>Why a template, its letterhead or an attachment cannot be used.</extracomment>
        <translation>Line {line} of the head is not understood. It can have {known}.</translation>
    </message>
    <message>
        <source>Line {line} of the head gives {key} a second time.</source>
        <extracomment>Why a template, its letterhead or an attachment cannot be used.</extracomment>
        <translation>Line {line} of the head gives {key} a second time.</translation>
    </message>
    <message>
        <source>{text} The template has this sender: {sender}.</source>
        <extracomment>Why a template, its letterhead or an attachment cannot be used.</extracomment>
        <translation>{text} The template has this sender: {sender}.</translation>
    </message>
    <message>
        <source>A colour is a # with six digits from 0 to F.</source>
        <extracomment>Why a template, its letterhead or an attachment cannot be used.</extracomment>
        <translation>A colour is a # with six digits from 0 to F.</translation>
    </message>
    <message numerus="yes">
        <source>This has more than %Ln characters.</source>
        <extracomment>Why a template, its letterhead or an attachment cannot be used.</extracomment>
        <translation>
            <numerusform>This has more than %Ln character.</numerusform>
            <numerusform>This has more than %Ln characters.</numerusform>
        </translation>
    </message>
    <message>
        <source>This is more than one line.</source>
        <extracomment>Why a template, its letterhead or an attachment cannot be used.</extracomment>
        <translation>This is more than one line.</translation>
    </message>
    <message>
        <source>The logo is not a PNG picture.</source>
        <extracomment>Why a template, its letterhead or an attachment cannot be used.</extracomment>
        <translation>The logo is not a PNG picture.</translation>
    </message>
    <message>
        <source>The logo is at most {side} pixels wide and high, and {size} KiB.</source>
        <extracomment>Why a template, its letterhead or an attachment cannot be used.</extracomment>
        <translation>The logo is at most {side} pixels wide and high, and {size} KiB.</translation>
    </message>
    <message>
        <source>“{link}” is neither a web address nor an e-mail address</source>
        <extracomment>Why a template, its letterhead or an attachment cannot be used.</extracomment>
        <translation>“{link}” is neither a web address nor an e-mail address</translation>
    </message>
</context>
<context>
    <name>template_fault.calculated</name>
    <message>
        <source>The template “{name}” needs “{field}”, which is missing. {more}</source>
        <extracomment>Why a template, its letterhead or an attachment cannot be used.</extracomment>
        <translation>The template “{name}” needs “{field}”, which is missing. {more}</translation>
    </message>
</context>
<context>
    <name>template_fault.line</name>
    <message>
        <source>The template “{name}” does not render, line {line}: {why}</source>
        <extracomment>Why a template, its letterhead or an attachment cannot be used.</extracomment>
        <translation>The template “{name}” does not render, line {line}: {why}</translation>
    </message>
    <message>
        <source>{why}. The template “{name}” uses it in line {line}.</source>
        <extracomment>Why a template, its letterhead or an attachment cannot be used.</extracomment>
        <translation>{why}. The template “{name}” uses it in line {line}.</translation>
    </message>
</context>
<context>
    <name>template_fault.part</name>
    <message>
        <source>The template “{name}” does not render, line {line} of the {part}: {why}</source>
        <extracomment>Why a template, its letterhead or an attachment cannot be used.</extracomment>
        <translation>The template “{name}” does not render, line {line} of the {part}: {why}</translation>
    </message>
    <message>
        <source>{why}. The template “{name}” uses it in line {line} of the {part}.</source>
        <extracomment>Why a template, its letterhead or an attachment cannot be used.</extracomment>
        <translation>{why}. The template “{name}” uses it in line {line} of the {part}.</translation>
    </message>
</context>
<context>
    <name>template_name</name>
    <message>
        <source>Enter a name.</source>
        <extracomment>Why a template cannot have a name.</extracomment>
        <translation>Enter a name.</translation>
    </message>
    <message>
        <source>Windows reserves this name. Choose another one.</source>
        <extracomment>Why a template cannot have a name.</extracomment>
        <translation>Windows reserves this name. Choose another one.</translation>
    </message>
    <message numerus="yes">
        <source>Use at most %Ln characters: letters, digits, spaces, dots and - _ ( ) + &amp; , ' only.</source>
        <extracomment>Why a template cannot have a name.</extracomment>
        <translation>
            <numerusform>Use at most %Ln character: letters, digits, spaces, dots and - _ ( ) + &amp; , ' only.</numerusform>
            <numerusform>Use at most %Ln characters: letters, digits, spaces, dots and - _ ( ) + &amp; , ' only.</numerusform>
        </translation>
    </message>
    <message>
        <source>There is already a template “{name}”. Choose another name.</source>
        <extracomment>Why a template cannot have a name.</extracomment>
        <translation>There is already a template “{name}”. Choose another name.</translation>
    </message>
</context>
<context>
    <name>text</name>
    <message>
        <source>{first} {second}</source>
        <extracomment>Two sentences, one after the other.</extracomment>
        <translation>{first} {second}</translation>
    </message>
</context>
<context>
    <name>time</name>
    <message>
        <source>at {time}</source>
        <extracomment>When a task starts.</extracomment>
        <translation>at {time}</translation>
    </message>
    <message>
        <source>again {when}</source>
        <extracomment>When a task starts.</extracomment>
        <translation>again {when}</translation>
    </message>
    <message>
        <source>now</source>
        <extracomment>When a task starts.</extracomment>
        <translation>now</translation>
    </message>
    <message>
        <source>once the problem is fixed</source>
        <extracomment>When a task starts.</extracomment>
        <translation>once the problem is fixed</translation>
    </message>
</context>
<context>
    <name>tip</name>
    <message>
        <source>Keep it from starting, or ask it to stop (Del)</source>
        <extracomment>The tooltip of a button that acts on tasks.</extracomment>
        <translation>Keep it from starting, or ask it to stop (Del)</translation>
    </message>
    <message>
        <source>Start it at another time</source>
        <extracomment>The tooltip of a button that acts on tasks.</extracomment>
        <translation>Start it at another time</translation>
    </message>
    <message>
        <source>Try it again, with as many attempts as at first</source>
        <extracomment>The tooltip of a button that acts on tasks.</extracomment>
        <translation>Try it again, with as many attempts as at first</translation>
    </message>
    <message>
        <source>Try it at once</source>
        <extracomment>The tooltip of a button that acts on tasks.</extracomment>
        <translation>Try it at once</translation>
    </message>
    <message>
        <source>Undo what you just asked for (Ctrl+Z)</source>
        <extracomment>The tooltip of a button that acts on tasks.</extracomment>
        <translation>Undo what you just asked for (Ctrl+Z)</translation>
    </message>
    <message>
        <source>Change the text that the e-mail is made from</source>
        <extracomment>The tooltip of a button that acts on tasks.</extracomment>
        <translation>Change the text that the e-mail is made from</translation>
    </message>
    <message>
        <source>Send what practice mode kept</source>
        <extracomment>The tooltip of a button that acts on tasks.</extracomment>
        <translation>Send what practice mode kept</translation>
    </message>
</context>
<context>
    <name>token</name>
    <message>
        <source>{file} cannot be read.</source>
        <extracomment>Why a token, or a file of tokens, cannot be used.</extracomment>
        <translation>{file} cannot be read.</translation>
    </message>
    <message>
        <source>{file} does not hold tokens. Move it away, and add them again.</source>
        <extracomment>Why a token, or a file of tokens, cannot be used.</extracomment>
        <translation>{file} does not hold tokens. Move it away, and add them again.</translation>
    </message>
    <message>
        <source>There is a token named {name}. Choose another name, or remove it.</source>
        <extracomment>Why a token, or a file of tokens, cannot be used.</extracomment>
        <translation>There is a token named {name}. Choose another name, or remove it.</translation>
    </message>
    <message>
        <source>There is no token named {name}.</source>
        <extracomment>Why a token, or a file of tokens, cannot be used.</extracomment>
        <translation>There is no token named {name}.</translation>
    </message>
    <message>
        <source>There are no tokens. {command} makes one.</source>
        <extracomment>Why a token, or a file of tokens, cannot be used.</extracomment>
        <translation>There are no tokens. {command} makes one.</translation>
    </message>
    <message>
        <source>The backend of {folder} does not take the token {name} any more.</source>
        <extracomment>Why a token, or a file of tokens, cannot be used.</extracomment>
        <translation>The backend of {folder} does not take the token {name} any more.</translation>
    </message>
    <message>
        <source>Another command is changing the tokens. Try again.</source>
        <extracomment>Why a token, or a file of tokens, cannot be used.</extracomment>
        <translation>Another command is changing the tokens. Try again.</translation>
    </message>
    <message>
        <source>Named tokens are not accepted: {why}</source>
        <extracomment>Why a token, or a file of tokens, cannot be used.</extracomment>
        <translation>Named tokens are not accepted: {why}</translation>
    </message>
    <message>
        <source>{file} is still being written. Try again.</source>
        <extracomment>Why a token, or a file of tokens, cannot be used.</extracomment>
        <translation>{file} is still being written. Try again.</translation>
    </message>
    <message>
        <source>{file} does not hold a token: {least} characters of ASCII or more, without a space. This makes one: python -c "import secrets; print(secrets.token_hex(32))"</source>
        <extracomment>Why a token, or a file of tokens, cannot be used.</extracomment>
        <translation>{file} does not hold a token: {least} characters of ASCII or more, without a space. This makes one: python -c "import secrets; print(secrets.token_hex(32))"</translation>
    </message>
    <message>
        <source>Other users can read {file}. Close it to them: chmod 600 {file}</source>
        <extracomment>Why a token, or a file of tokens, cannot be used.</extracomment>
        <translation>Other users can read {file}. Close it to them: chmod 600 {file}</translation>
    </message>
</context>
<context>
    <name>tries</name>
    <message>
        <source>{left} left</source>
        <extracomment>How many attempts there were.</extracomment>
        <translation>{left} left</translation>
    </message>
    <message>
        <source>{made} of {most}</source>
        <extracomment>How many attempts there were.</extracomment>
        <translation>{made} of {most}</translation>
    </message>
</context>
<context>
    <name>undoing</name>
    <message>
        <source>Too late: the e-mail was already sent</source>
        <extracomment>What is said of an undo that comes too late, by what was to be undone, or of an action that was stopped.</extracomment>
        <translation>Too late: the e-mail was already sent</translation>
    </message>
    <message>
        <source>Too late: the task has already started</source>
        <extracomment>What is said of an undo that comes too late, by what was to be undone, or of an action that was stopped.</extracomment>
        <translation>Too late: the task has already started</translation>
    </message>
    <message>
        <source>Too late: the action was already carried out</source>
        <extracomment>What is said of an undo that comes too late, by what was to be undone, or of an action that was stopped.</extracomment>
        <translation>Too late: the action was already carried out</translation>
    </message>
    <message>
        <source>Stopped: {what}</source>
        <extracomment>What is said of an undo that comes too late, by what was to be undone, or of an action that was stopped.</extracomment>
        <translation>Stopped: {what}</translation>
    </message>
</context>
<context>
    <name>until</name>
    <message>
        <source>starts {until}</source>
        <extracomment>When a task goes on; the reason follows after a dot.</extracomment>
        <translation>starts {until}</translation>
    </message>
    <message>
        <source>again {until}</source>
        <extracomment>When a task goes on; the reason follows after a dot.</extracomment>
        <translation>again {until}</translation>
    </message>
    <message>
        <source>again {moment}</source>
        <extracomment>When a task goes on; the reason follows after a dot.</extracomment>
        <translation>again {moment}</translation>
    </message>
    <message>
        <source>continues {until}</source>
        <extracomment>When a task goes on; the reason follows after a dot.</extracomment>
        <translation>continues {until}</translation>
    </message>
</context>
<context>
    <name>until.many</name>
    <message>
        <source>not before {moment}</source>
        <extracomment>When a task goes on; the reason follows after a dot.</extracomment>
        <translation>not before {moment}</translation>
    </message>
</context>
<context>
    <name>value</name>
    <message>
        <source>Required.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>Required.</translation>
    </message>
    <message>
        <source>Unknown key.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>Unknown key.</translation>
    </message>
    <message>
        <source>This must be text.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>This must be text.</translation>
    </message>
    <message>
        <source>This must not be empty.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>This must not be empty.</translation>
    </message>
    <message>
        <source>This is longer than {max_length} characters.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>This is longer than {max_length} characters.</translation>
    </message>
    <message>
        <source>This must match {pattern}.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>This must match {pattern}.</translation>
    </message>
    <message>
        <source>This must be a whole number.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>This must be a whole number.</translation>
    </message>
    <message>
        <source>This number is too large.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>This number is too large.</translation>
    </message>
    <message>
        <source>This must be a number.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>This must be a number.</translation>
    </message>
    <message>
        <source>This must be a finite number.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>This must be a finite number.</translation>
    </message>
    <message>
        <source>This must be true or false.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>This must be true or false.</translation>
    </message>
    <message>
        <source>This must be a list.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>This must be a list.</translation>
    </message>
    <message>
        <source>This must be an object.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>This must be an object.</translation>
    </message>
    <message>
        <source>This must be one of: {expected}.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>This must be one of: {expected}.</translation>
    </message>
    <message>
        <source>This must be at least {ge}.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>This must be at least {ge}.</translation>
    </message>
    <message>
        <source>This must be at most {le}.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>This must be at most {le}.</translation>
    </message>
    <message>
        <source>This must be more than {gt}.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>This must be more than {gt}.</translation>
    </message>
    <message>
        <source>This must be less than {lt}.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>This must be less than {lt}.</translation>
    </message>
    <message>
        <source>At most {max_length} are allowed.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>At most {max_length} are allowed.</translation>
    </message>
    <message>
        <source>At least {min_length} is required.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>At least {min_length} is required.</translation>
    </message>
    <message>
        <source>This must be {choices}.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>This must be {choices}.</translation>
    </message>
    <message>
        <source>A queue needs a name.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>A queue needs a name.</translation>
    </message>
    <message>
        <source>This must be text, as in “30/min”.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>This must be text, as in “30/min”.</translation>
    </message>
    <message>
        <source>A rate is written as in 30/min; there are s, min, h and day.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>A rate is written as in 30/min; there are s, min, h and day.</translation>
    </message>
    <message numerus="yes">
        <source>A rate is from 1 to %Ln in its time.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>
            <numerusform>A rate is from 1 to %Ln in its time.</numerusform>
            <numerusform>A rate is from 1 to %Ln in its time.</numerusform>
        </translation>
    </message>
    <message>
        <source>This is one rate, or two with different times, as in 30/min, 500/h.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>This is one rate, or two with different times, as in 30/min, 500/h.</translation>
    </message>
    <message>
        <source>[{path}] must be a table.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>[{path}] must be a table.</translation>
    </message>
    <message numerus="yes">
        <source>This must be a number from {least} to %Ln.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>
            <numerusform>This must be a number from {least} to %Ln.</numerusform>
            <numerusform>This must be a number from {least} to %Ln.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>This must be a number of days from {least} to %Ln.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>
            <numerusform>This must be a number of days from {least} to %Ln.</numerusform>
            <numerusform>This must be a number of days from {least} to %Ln.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>This must be a number of seconds from {least} to %Ln.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>
            <numerusform>This must be a number of seconds from {least} to %Ln.</numerusform>
            <numerusform>This must be a number of seconds from {least} to %Ln.</numerusform>
        </translation>
    </message>
    <message>
        <source>This key is given more than once.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>This key is given more than once.</translation>
    </message>
    <message>
        <source>This must be a time with an offset, such as 2026-03-01T09:30:00Z.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>This must be a time with an offset, such as 2026-03-01T09:30:00Z.</translation>
    </message>
    <message>
        <source>This date or time does not exist.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>This date or time does not exist.</translation>
    </message>
    <message>
        <source>“{day}” is not a day such as 30.11.2026, 2026-11-30, today or 7d.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>“{day}” is not a day such as 30.11.2026, 2026-11-30, today or 7d.</translation>
    </message>
    <message>
        <source>This must be a time between 1970 and 9998.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>This must be a time between 1970 and 9998.</translation>
    </message>
    <message>
        <source>The deadline must be after run_at.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>The deadline must be after run_at.</translation>
    </message>
    <message>
        <source>Give either delay or run_at, not both.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>Give either delay or run_at, not both.</translation>
    </message>
    <message>
        <source>A key has 1 to {most} printable characters and is not blank.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>A key has 1 to {most} printable characters and is not blank.</translation>
    </message>
    <message>
        <source>NaN and infinite numbers are not JSON.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>NaN and infinite numbers are not JSON.</translation>
    </message>
    <message>
        <source>“{given}” is not {kind}. The {kinds} are {words}.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>“{given}” is not {kind}. The {kinds} are {words}.</translation>
    </message>
    <message>
        <source>This is not a cause; GET /causes names them.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>This is not a cause; GET /causes names them.</translation>
    </message>
    <message>
        <source>Give numbers of tasks, separated by commas.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>Give numbers of tasks, separated by commas.</translation>
    </message>
    <message>
        <source>Enter at least one letter or digit to search for.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>Enter at least one letter or digit to search for.</translation>
    </message>
    <message>
        <source>Give the task's name, or like.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>Give the task's name, or like.</translation>
    </message>
    <message>
        <source>Task {number} is of another function.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>Task {number} is of another function.</translation>
    </message>
    <message>
        <source>Give either ids or a filter.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>Give either ids or a filter.</translation>
    </message>
    <message>
        <source>Give run_at, priority or seen.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>Give run_at, priority or seen.</translation>
    </message>
    <message>
        <source>Invalid cursor.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>Invalid cursor.</translation>
    </message>
    <message>
        <source>This cursor belongs to another sort order.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>This cursor belongs to another sort order.</translation>
    </message>
    <message>
        <source>Give either the place to go on after, or how many to skip.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>Give either the place to go on after, or how many to skip.</translation>
    </message>
    <message>
        <source>A page has 1 to {most} rows.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>A page has 1 to {most} rows.</translation>
    </message>
    <message>
        <source>Tasks can be sorted by {keys}.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>Tasks can be sorted by {keys}.</translation>
    </message>
    <message>
        <source>Line breaks and control characters cannot be used here.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>Line breaks and control characters cannot be used here.</translation>
    </message>
    <message>
        <source>Control characters cannot be used here.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>Control characters cannot be used here.</translation>
    </message>
    <message>
        <source>This text holds half a character.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>This text holds half a character.</translation>
    </message>
    <message>
        <source>Characters that turn the direction of text cannot be used here.</source>
        <extracomment>What is wrong with a value, below its field. The names are those of pydantic, then ours.</extracomment>
        <translation>Characters that turn the direction of text cannot be used here.</translation>
    </message>
</context>
<context>
    <name>value_is</name>
    <message>
        <source>a text</source>
        <extracomment>What a value in a template is: “… is a text here, not a number”.</extracomment>
        <translation>a text</translation>
    </message>
    <message>
        <source>a date</source>
        <extracomment>What a value in a template is: “… is a text here, not a number”.</extracomment>
        <translation>a date</translation>
    </message>
</context>
<context>
    <name>value_wanted</name>
    <message>
        <source>not a number</source>
        <extracomment>What a value in a template is not: “… is “open”, which is not a number”.</extracomment>
        <translation>not a number</translation>
    </message>
    <message>
        <source>not a date</source>
        <extracomment>What a value in a template is not: “… is “open”, which is not a number”.</extracomment>
        <translation>not a date</translation>
    </message>
    <message>
        <source>neither yes nor no</source>
        <extracomment>What a value in a template is not: “… is “open”, which is not a number”.</extracomment>
        <translation>neither yes nor no</translation>
    </message>
</context>
<context>
    <name>window</name>
    <message>
        <source>The text for a bug report is copied</source>
        <extracomment>What the window says of itself.</extracomment>
        <translation>The text for a bug report is copied</translation>
    </message>
    <message>
        <source>The window could not be started: {why}</source>
        <extracomment>What the window says of itself.</extracomment>
        <translation>The window could not be started: {why}</translation>
    </message>
    <message>
        <source>The keyring did not take the token. You will be asked for it again.</source>
        <extracomment>What the window says of itself.</extracomment>
        <translation>The keyring did not take the token. You will be asked for it again.</translation>
    </message>
    <message>
        <source>The result cannot be opened: it no longer exists</source>
        <extracomment>What the window says of itself.</extracomment>
        <translation>The result cannot be opened: it no longer exists</translation>
    </message>
    <message>
        <source>No browser opened the page. Its address opens it once, within a minute.</source>
        <extracomment>What the window says of itself.</extracomment>
        <translation>No browser opened the page. Its address opens it once, within a minute.</translation>
    </message>
    <message>
        <source>No browser opened the help. It is the file {path}.</source>
        <extracomment>What the window says of itself.</extracomment>
        <translation>No browser opened the help. It is the file {path}.</translation>
    </message>
    <message>
        <source>No program on this computer opens the result</source>
        <extracomment>What the window says of itself.</extracomment>
        <translation>No program on this computer opens the result</translation>
    </message>
</context>
</TS>
