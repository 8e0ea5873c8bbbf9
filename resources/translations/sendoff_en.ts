<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
<context>
    <name>ImportSheet</name>
    <message numerus="yes">
        <source>%Ln rows need a look</source>
        <translation>
            <numerusform>%Ln row needs a look</numerusform>
            <numerusform>%Ln rows need a look</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ColumnsForm</name>
    <message numerus="yes">
        <source>%Ln empty columns are left out.</source>
        <translation>
            <numerusform>%Ln empty column is left out.</numerusform>
            <numerusform>%Ln empty columns are left out.</numerusform>
        </translation>
    </message>
</context>
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
    <name>OlderMessages</name>
    <message numerus="yes">
        <source>%Ln waiting e-mails</source>
        <translation>
            <numerusform>%Ln waiting e-mail</numerusform>
            <numerusform>%Ln waiting e-mails</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln e-mails of {}</source>
        <translation>
            <numerusform>%Ln e-mail of {}</numerusform>
            <numerusform>%Ln e-mails of {}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln kept in practice</source>
        <translation>
            <numerusform>%Ln kept in practice</numerusform>
            <numerusform>%Ln kept in practice</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln of them cannot be made with the new one: {}</source>
        <translation>
            <numerusform>%Ln of them cannot be made with the new one: {}</numerusform>
            <numerusform>%Ln of them cannot be made with the new one: {}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TemplatePicker</name>
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
    <message numerus="yes">
        <source>… %Ln calls in libraries</source>
        <translation>
            <numerusform>… %Ln call in libraries</numerusform>
            <numerusform>… %Ln calls in libraries</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>HeldMessages</name>
    <message numerus="yes">
        <source>Template “{}”: %Ln e-mails are ready to be sent.</source>
        <translation>
            <numerusform>Template “{}”: %Ln e-mail is ready to be sent.</numerusform>
            <numerusform>Template “{}”: %Ln e-mails are ready to be sent.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Send the %Ln e-mails</source>
        <translation>
            <numerusform>Send the e-mail</numerusform>
            <numerusform>Send the %Ln e-mails</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Closing</name>
    <message numerus="yes">
        <source>%Ln items are not submitted yet. They are saved, and are submitted when this window is opened again.</source>
        <translation>
            <numerusform>%Ln item is not submitted yet. It is saved, and is submitted when this window is opened again.</numerusform>
            <numerusform>%Ln items are not submitted yet. They are saved, and are submitted when this window is opened again.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln actions have not reached Sendoff yet, and would be lost.</source>
        <translation>
            <numerusform>%Ln action has not reached Sendoff yet, and would be lost.</numerusform>
            <numerusform>%Ln actions have not reached Sendoff yet, and would be lost.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln tasks are not done yet.</source>
        <translation>
            <numerusform>%Ln task is not done yet.</numerusform>
            <numerusform>%Ln tasks are not done yet.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Practice</name>
    <message numerus="yes">
        <source>%Ln e-mails were kept in practice mode and have not been sent.</source>
        <translation>
            <numerusform>%Ln e-mail was kept in practice mode and has not been sent.</numerusform>
            <numerusform>%Ln e-mails were kept in practice mode and have not been sent.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SelectedTasks</name>
    <message numerus="yes">
        <source>%Ln tasks selected</source>
        <translation>
            <numerusform>%Ln task selected</numerusform>
            <numerusform>%Ln tasks selected</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln of them are not loaded yet; the buttons act on the others.</source>
        <translation>
            <numerusform>%Ln of them is not loaded yet; the buttons act on the others.</numerusform>
            <numerusform>%Ln of them are not loaded yet; the buttons act on the others.</numerusform>
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
    <name>headline</name>
    <message numerus="yes">
        <source>Nothing to do: Sendoff tries by itself, %Ln more times.</source>
        <translation>
            <numerusform>Nothing to do: Sendoff tries by itself, once more.</numerusform>
            <numerusform>Nothing to do: Sendoff tries by itself, %Ln more times.</numerusform>
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
    <name>reasons</name>
    <message numerus="yes">
        <source>It was cut short %Ln times</source>
        <translation>
            <numerusform>It was cut short %Ln time</numerusform>
            <numerusform>It was cut short %Ln times</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln at a time</source>
        <translation>
            <numerusform>%Ln at a time</numerusform>
            <numerusform>%Ln at a time</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln ahead</source>
        <translation>
            <numerusform>%Ln ahead</numerusform>
            <numerusform>%Ln ahead</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>after %Ln attempts</source>
        <translation>
            <numerusform>after %Ln attempt</numerusform>
            <numerusform>after %Ln attempts</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>words</name>
    <message numerus="yes">
        <source>%Ln failed</source>
        <translation>
            <numerusform>%Ln failed</numerusform>
            <numerusform>%Ln failed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln uncertain</source>
        <translation>
            <numerusform>%Ln uncertain</numerusform>
            <numerusform>%Ln uncertain</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TaskQuestions</name>
    <message numerus="yes">
        <source>%Ln tasks will start at this time.</source>
        <translation>
            <numerusform>%Ln task will start at this time.</numerusform>
            <numerusform>%Ln tasks will start at this time.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln tasks start {when}</source>
        <translation>
            <numerusform>%Ln task starts {when}</numerusform>
            <numerusform>%Ln tasks start {when}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln were skipped: {why}</source>
        <translation>
            <numerusform>%Ln was skipped: {why}</numerusform>
            <numerusform>%Ln were skipped: {why}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ImportFoot</name>
    <message numerus="yes">
        <source>{} of %Ln files are copied…</source>
        <translation>
            <numerusform>{} of %Ln file is copied…</numerusform>
            <numerusform>{} of %Ln files are copied…</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln added files were changed since: {}. Read them again, or press Send for what was added.</source>
        <translation>
            <numerusform>%Ln added file was changed since: {}. Read it again, or press Send for what was added.</numerusform>
            <numerusform>%Ln added files were changed since: {}. Read them again, or press Send for what was added.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{} of %Ln rows are read and checked…</source>
        <translation>
            <numerusform>{} of %Ln row is read and checked…</numerusform>
            <numerusform>{} of %Ln rows are read and checked…</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>AddingFiles</name>
    <message numerus="yes">
        <source>%Ln more files are not added.</source>
        <translation>
            <numerusform>%Ln more file is not added.</numerusform>
            <numerusform>%Ln more files are not added.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln files were added.</source>
        <translation>
            <numerusform>%Ln file was added.</numerusform>
            <numerusform>%Ln files were added.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>HiddenTasks</name>
    <message numerus="yes">
        <source>%Ln new tasks are hidden by the filter.</source>
        <translation>
            <numerusform>%Ln new task is hidden by the filter.</numerusform>
            <numerusform>%Ln new tasks are hidden by the filter.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SourcePane</name>
    <message numerus="yes">
        <source>%Ln rows</source>
        <translation>
            <numerusform>%Ln row</numerusform>
            <numerusform>%Ln rows</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>leaving</name>
    <message numerus="yes">
        <source>Sending %Ln e-mails begins in {left} s</source>
        <translation>
            <numerusform>Sending %Ln e-mail begins in {left} s</numerusform>
            <numerusform>Sending %Ln e-mails begins in {left} s</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln e-mails will be sent {when}</source>
        <translation>
            <numerusform>%Ln e-mail will be sent {when}</numerusform>
            <numerusform>%Ln e-mails will be sent {when}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln e-mails will be sent, at most {rate}; the first in {left} s</source>
        <translation>
            <numerusform>%Ln e-mail will be sent, at most {rate}; the first in {left} s</numerusform>
            <numerusform>%Ln e-mails will be sent, at most {rate}; the first in {left} s</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln e-mails are being sent, at most {rate}</source>
        <translation>
            <numerusform>%Ln e-mail is being sent, at most {rate}</numerusform>
            <numerusform>%Ln e-mails are being sent, at most {rate}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln e-mails will be kept {when}, or sent if real sending is set up by then</source>
        <translation>
            <numerusform>%Ln e-mail will be kept {when}, or sent if real sending is set up by then</numerusform>
            <numerusform>%Ln e-mails will be kept {when}, or sent if real sending is set up by then</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln e-mails will be kept, not sent</source>
        <translation>
            <numerusform>%Ln e-mail will be kept, not sent</numerusform>
            <numerusform>%Ln e-mails will be kept, not sent</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln e-mails are being sent</source>
        <translation>
            <numerusform>%Ln e-mail is being sent</numerusform>
            <numerusform>%Ln e-mails are being sent</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>batches</name>
    <message numerus="yes">
        <source>%Ln e-mails were replaced by batch {}</source>
        <translation>
            <numerusform>%Ln e-mail was replaced by batch {}</numerusform>
            <numerusform>%Ln e-mails were replaced by batch {}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>It replaces %Ln e-mails of batch {} that are not sent yet.</source>
        <translation>
            <numerusform>It replaces %Ln e-mail of batch {} that is not sent yet.</numerusform>
            <numerusform>It replaces %Ln e-mails of batch {} that are not sent yet.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>It replaces %Ln e-mails planned for {}.</source>
        <translation>
            <numerusform>It replaces %Ln e-mail planned for {}.</numerusform>
            <numerusform>It replaces %Ln e-mails planned for {}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln rows have changed since and are left out.</source>
        <translation>
            <numerusform>%Ln row has changed since and is left out.</numerusform>
            <numerusform>%Ln rows have changed since and are left out.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Sending %Ln e-mails again begins {when}</source>
        <translation>
            <numerusform>Sending %Ln e-mail again begins {when}</numerusform>
            <numerusform>Sending %Ln e-mails again begins {when}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln e-mails are ready to be sent.</source>
        <translation>
            <numerusform>%Ln e-mail is ready to be sent.</numerusform>
            <numerusform>%Ln e-mails are ready to be sent.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln e-mails wait until {} takes more.</source>
        <translation>
            <numerusform>%Ln e-mail waits until {} takes more.</numerusform>
            <numerusform>%Ln e-mails wait until {} takes more.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>There is no connection to {}. %Ln e-mails are to come.</source>
        <translation>
            <numerusform>There is no connection to {}. %Ln e-mail is to come.</numerusform>
            <numerusform>There is no connection to {}. %Ln e-mails are to come.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>All %Ln e-mails are sent</source>
        <translation>
            <numerusform>The e-mail is sent</numerusform>
            <numerusform>All %Ln e-mails are sent</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>All %Ln e-mails are kept</source>
        <translation>
            <numerusform>The e-mail is kept</numerusform>
            <numerusform>All %Ln e-mails are kept</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln need a look</source>
        <translation>
            <numerusform>%Ln needs a look</numerusform>
            <numerusform>%Ln need a look</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>left out (%Ln need a look)</source>
        <translation>
            <numerusform>left out (%Ln needs a look)</numerusform>
            <numerusform>left out (%Ln need a look)</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln rows can be sent</source>
        <translation>
            <numerusform>%Ln row can be sent</numerusform>
            <numerusform>%Ln rows can be sent</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{} of %Ln rows read</source>
        <translation>
            <numerusform>{} of %Ln row read</numerusform>
            <numerusform>{} of %Ln rows read</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln rows are being checked</source>
        <translation>
            <numerusform>%Ln row is being checked</numerusform>
            <numerusform>%Ln rows are being checked</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln uncertain</source>
        <translation>
            <numerusform>%Ln uncertain</numerusform>
            <numerusform>%Ln uncertain</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln cancelled</source>
        <translation>
            <numerusform>%Ln cancelled</numerusform>
            <numerusform>%Ln cancelled</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln postponed</source>
        <translation>
            <numerusform>%Ln postponed</numerusform>
            <numerusform>%Ln postponed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{} postponed %Ln e-mails</source>
        <translation>
            <numerusform>{} postponed %Ln e-mail</numerusform>
            <numerusform>{} postponed %Ln e-mails</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln e-mails are postponed.</source>
        <translation>
            <numerusform>%Ln e-mail is postponed.</numerusform>
            <numerusform>%Ln e-mails are postponed.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln failed</source>
        <translation>
            <numerusform>%Ln failed</numerusform>
            <numerusform>%Ln failed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln e-mails wait until they are resumed.</source>
        <translation>
            <numerusform>%Ln e-mail waits until it is resumed.</numerusform>
            <numerusform>%Ln e-mails wait until they are resumed.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln e-mails wait until it is known whether earlier ones to the same people were sent.</source>
        <translation>
            <numerusform>%Ln e-mail waits until it is known whether an earlier one to the same person was sent.</numerusform>
            <numerusform>%Ln e-mails wait until it is known whether earlier ones to the same people were sent.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln e-mails are on hold.</source>
        <translation>
            <numerusform>%Ln e-mail is on hold.</numerusform>
            <numerusform>%Ln e-mails are on hold.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln rows have changed since they were registered and are sent again as they are now.</source>
        <translation>
            <numerusform>%Ln row has changed since it was registered and is sent again as it is now.</numerusform>
            <numerusform>%Ln rows have changed since they were registered and are sent again as they are now.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln e-mails are cancelled</source>
        <translation>
            <numerusform>%Ln e-mail is cancelled</numerusform>
            <numerusform>%Ln e-mails are cancelled</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln are being sent</source>
        <translation>
            <numerusform>%Ln is being sent</numerusform>
            <numerusform>%Ln are being sent</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln rows repeat another one and are not sent.</source>
        <translation>
            <numerusform>%Ln row repeats another one and is not sent.</numerusform>
            <numerusform>%Ln rows repeat another one and are not sent.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln corrections are not used: the spreadsheet is read differently now.</source>
        <translation>
            <numerusform>%Ln correction is not used: the spreadsheet is read differently now.</numerusform>
            <numerusform>%Ln corrections are not used: the spreadsheet is read differently now.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln values were corrected.</source>
        <translation>
            <numerusform>%Ln value was corrected.</numerusform>
            <numerusform>%Ln values were corrected.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln rows are the same as before and are sent again.</source>
        <translation>
            <numerusform>%Ln row is the same as before and is sent again.</numerusform>
            <numerusform>%Ln rows are the same as before and are sent again.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln rows are the same as before in every value and are left out. Retry failed ones in their batch.</source>
        <translation>
            <numerusform>%Ln row is the same as before in every value and is left out. If it failed, retry it in its batch.</numerusform>
            <numerusform>%Ln rows are the same as before in every value and are left out. Retry failed ones in their batch.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln rows need a look and are not sent.</source>
        <translation>
            <numerusform>%Ln row needs a look and is not sent.</numerusform>
            <numerusform>%Ln rows need a look and are not sent.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Only {} of %Ln rows were read.</source>
        <translation>
            <numerusform>Only {} of %Ln row was read.</numerusform>
            <numerusform>Only {} of %Ln rows were read.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln that are on the list “Do not send” are sent.</source>
        <translation>
            <numerusform>%Ln that is on the list “Do not send” is sent.</numerusform>
            <numerusform>%Ln that are on the list “Do not send” are sent.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln are not to be written to.</source>
        <translation>
            <numerusform>%Ln is not to be written to.</numerusform>
            <numerusform>%Ln are not to be written to.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>NoticeBar</name>
    <message numerus="yes">
        <source>%Ln more</source>
        <translation>
            <numerusform>%Ln more</numerusform>
            <numerusform>%Ln more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Exports</name>
    <message numerus="yes">
        <source>%Ln rows are saved as {}</source>
        <translation>
            <numerusform>%Ln row is saved as {}</numerusform>
            <numerusform>%Ln rows are saved as {}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Exporting to {name}: %Ln rows so far</source>
        <translation>
            <numerusform>Exporting to {name}: %Ln row so far</numerusform>
            <numerusform>Exporting to {name}: %Ln rows so far</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Exporting to {name}: {written} of %Ln rows</source>
        <translation>
            <numerusform>Exporting to {name}: {written} of %Ln row</numerusform>
            <numerusform>Exporting to {name}: {written} of %Ln rows</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CauseNews</name>
    <message numerus="yes">
        <source>%Ln tasks are uncertain.</source>
        <translation>
            <numerusform>%Ln task is uncertain.</numerusform>
            <numerusform>%Ln tasks are uncertain.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln tasks failed: {}</source>
        <translation>
            <numerusform>%Ln task failed: {}</numerusform>
            <numerusform>%Ln tasks failed: {}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln tasks failed for {} reasons.</source>
        <translation>
            <numerusform>%Ln task failed for {} reasons.</numerusform>
            <numerusform>%Ln tasks failed for {} reasons.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>causes</name>
    <message numerus="yes">
        <source>Correct the %Ln addresses</source>
        <translation>
            <numerusform>Correct the address</numerusform>
            <numerusform>Correct the %Ln addresses</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Retry the %Ln that failed</source>
        <translation>
            <numerusform>Retry the one that failed</numerusform>
            <numerusform>Retry the %Ln that failed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln uncertain</source>
        <translation>
            <numerusform>%Ln uncertain</numerusform>
            <numerusform>%Ln uncertain</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>It no longer stops any of its %Ln tasks</source>
        <translation>
            <numerusform>It no longer stops its task</numerusform>
            <numerusform>It no longer stops any of its %Ln tasks</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln uncertain: an earlier attempt may have sent them</source>
        <translation>
            <numerusform>%Ln uncertain: an earlier attempt may have sent it</numerusform>
            <numerusform>%Ln uncertain: an earlier attempt may have sent them</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln on hold</source>
        <translation>
            <numerusform>%Ln on hold</numerusform>
            <numerusform>%Ln on hold</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln waiting</source>
        <translation>
            <numerusform>%Ln waiting</numerusform>
            <numerusform>%Ln waiting</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln failed</source>
        <translation>
            <numerusform>%Ln failed</numerusform>
            <numerusform>%Ln failed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln failed since the retry</source>
        <translation>
            <numerusform>%Ln failed since the retry</numerusform>
            <numerusform>%Ln failed since the retry</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln since the retry</source>
        <translation>
            <numerusform>%Ln since the retry</numerusform>
            <numerusform>%Ln since the retry</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln queued again</source>
        <translation>
            <numerusform>%Ln queued again</numerusform>
            <numerusform>%Ln queued again</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln scheduled</source>
        <translation>
            <numerusform>%Ln scheduled</numerusform>
            <numerusform>%Ln scheduled</numerusform>
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
        <source>Send the %Ln rows from before again</source>
        <translation>
            <numerusform>Send the %Ln row from before again</numerusform>
            <numerusform>Send the %Ln rows from before again</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SafetyQuestions</name>
    <message numerus="yes">
        <source>%Ln e-mails were sent already. Send them a second time?</source>
        <translation>
            <numerusform>%Ln e-mail was sent already. Send it a second time?</numerusform>
            <numerusform>%Ln e-mails were sent already. Send them a second time?</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln uncertain e-mails may have arrived. Send them once more? Those that did arrive will arrive twice.</source>
        <translation>
            <numerusform>This uncertain e-mail may have arrived. Send it once more? If it did arrive, it will arrive twice.</numerusform>
            <numerusform>%Ln uncertain e-mails may have arrived. Send them once more? Those that did arrive will arrive twice.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln uncertain tasks may have done their work. Run them once more? What they did is then done twice.</source>
        <translation>
            <numerusform>This uncertain task may have done its work. Run it once more? What it did is then done twice.</numerusform>
            <numerusform>%Ln uncertain tasks may have done their work. Run them once more? What they did is then done twice.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Remove %Ln finished tasks for good?</source>
        <translation>
            <numerusform>Remove %Ln finished task for good?</numerusform>
            <numerusform>Remove %Ln finished tasks for good?</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Retries</name>
    <message numerus="yes">
        <source>Show the %Ln that did not succeed</source>
        <translation>
            <numerusform>Show the one that did not succeed</numerusform>
            <numerusform>Show the %Ln that did not succeed</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>verbs</name>
    <message numerus="yes">
        <source>%Ln sent</source>
        <translation>
            <numerusform>%Ln sent</numerusform>
            <numerusform>%Ln sent</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln kept in practice mode</source>
        <translation>
            <numerusform>%Ln kept in practice mode</numerusform>
            <numerusform>%Ln kept in practice mode</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln done</source>
        <translation>
            <numerusform>%Ln done</numerusform>
            <numerusform>%Ln done</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln uncertain</source>
        <translation>
            <numerusform>%Ln uncertain</numerusform>
            <numerusform>%Ln uncertain</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln waiting for another attempt</source>
        <translation>
            <numerusform>%Ln waiting for another attempt</numerusform>
            <numerusform>%Ln waiting for another attempt</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln cancelled</source>
        <translation>
            <numerusform>%Ln cancelled</numerusform>
            <numerusform>%Ln cancelled</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln of them start {when}.</source>
        <translation>
            <numerusform>%Ln of them starts {when}.</numerusform>
            <numerusform>%Ln of them start {when}.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln e-mails were queued</source>
        <translation>
            <numerusform>%Ln e-mail was queued</numerusform>
            <numerusform>%Ln e-mails were queued</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln e-mails</source>
        <translation>
            <numerusform>%Ln e-mail</numerusform>
            <numerusform>%Ln e-mails</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln tasks</source>
        <translation>
            <numerusform>%Ln task</numerusform>
            <numerusform>%Ln tasks</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln are running and will be asked to stop.</source>
        <translation>
            <numerusform>%Ln is running and will be asked to stop.</numerusform>
            <numerusform>%Ln are running and will be asked to stop.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln were only kept in practice mode and not sent.</source>
        <translation>
            <numerusform>%Ln was only kept in practice mode and not sent.</numerusform>
            <numerusform>%Ln were only kept in practice mode and not sent.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln tasks are cancelled</source>
        <translation>
            <numerusform>%Ln task is cancelled</numerusform>
            <numerusform>%Ln tasks are cancelled</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln tasks are marked as done</source>
        <translation>
            <numerusform>%Ln task is marked as done</numerusform>
            <numerusform>%Ln tasks are marked as done</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln tasks were queued</source>
        <translation>
            <numerusform>%Ln task was queued</numerusform>
            <numerusform>%Ln tasks were queued</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln tasks are marked as seen</source>
        <translation>
            <numerusform>%Ln task is marked as seen</numerusform>
            <numerusform>%Ln tasks are marked as seen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln tasks are marked as unseen</source>
        <translation>
            <numerusform>%Ln task is marked as unseen</numerusform>
            <numerusform>%Ln tasks are marked as unseen</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln tasks are removed</source>
        <translation>
            <numerusform>%Ln task is removed</numerusform>
            <numerusform>%Ln tasks are removed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln are running and were asked to stop</source>
        <translation>
            <numerusform>%Ln is running and was asked to stop</numerusform>
            <numerusform>%Ln are running and were asked to stop</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>{doing} {done} of %Ln tasks</source>
        <translation>
            <numerusform>{doing} {done} of %Ln task</numerusform>
            <numerusform>{doing} {done} of %Ln tasks</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln failed</source>
        <translation>
            <numerusform>%Ln failed</numerusform>
            <numerusform>%Ln failed</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>refusals</name>
    <message numerus="yes">
        <source>%Ln are scheduled</source>
        <translation>
            <numerusform>%Ln is scheduled</numerusform>
            <numerusform>%Ln are scheduled</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln are queued</source>
        <translation>
            <numerusform>%Ln is queued</numerusform>
            <numerusform>%Ln are queued</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln are running</source>
        <translation>
            <numerusform>%Ln is running</numerusform>
            <numerusform>%Ln are running</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln are waiting</source>
        <translation>
            <numerusform>%Ln is waiting</numerusform>
            <numerusform>%Ln are waiting</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln are done</source>
        <translation>
            <numerusform>%Ln is done</numerusform>
            <numerusform>%Ln are done</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln have failed</source>
        <translation>
            <numerusform>%Ln has failed</numerusform>
            <numerusform>%Ln have failed</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln are cancelled</source>
        <translation>
            <numerusform>%Ln is cancelled</numerusform>
            <numerusform>%Ln are cancelled</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln are uncertain</source>
        <translation>
            <numerusform>%Ln is uncertain</numerusform>
            <numerusform>%Ln are uncertain</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln are gone</source>
        <translation>
            <numerusform>%Ln is gone</numerusform>
            <numerusform>%Ln are gone</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln were kept in practice mode</source>
        <translation>
            <numerusform>%Ln was kept in practice mode</numerusform>
            <numerusform>%Ln were kept in practice mode</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln can no longer be stopped</source>
        <translation>
            <numerusform>%Ln can no longer be stopped</numerusform>
            <numerusform>%Ln can no longer be stopped</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln are in a paused queue</source>
        <translation>
            <numerusform>%Ln is in a paused queue</numerusform>
            <numerusform>%Ln are in a paused queue</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln start once you resume their batch</source>
        <translation>
            <numerusform>%Ln starts once you resume its batch</numerusform>
            <numerusform>%Ln start once you resume their batch</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln start once the limit of their batch allows</source>
        <translation>
            <numerusform>%Ln starts once the limit of its batch allows</numerusform>
            <numerusform>%Ln start once the limit of their batch allows</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln must be done before that time</source>
        <translation>
            <numerusform>%Ln must be done before that time</numerusform>
            <numerusform>%Ln must be done before that time</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln have no function to run</source>
        <translation>
            <numerusform>%Ln has no function to run</numerusform>
            <numerusform>%Ln have no function to run</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln are open under the same key</source>
        <translation>
            <numerusform>%Ln is open under the same key</numerusform>
            <numerusform>%Ln are open under the same key</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln have tasks waiting for them</source>
        <translation>
            <numerusform>%Ln has tasks waiting for it</numerusform>
            <numerusform>%Ln have tasks waiting for them</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln have the number of another</source>
        <translation>
            <numerusform>%Ln has the number of another</numerusform>
            <numerusform>%Ln have the number of another</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln for other reasons</source>
        <translation>
            <numerusform>%Ln for another reason</numerusform>
            <numerusform>%Ln for other reasons</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln failed or are uncertain (choose Mark as seen first)</source>
        <translation>
            <numerusform>%Ln failed or is uncertain (right-click it and choose Mark as seen first)</numerusform>
            <numerusform>%Ln failed or are uncertain (choose Mark as seen first)</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln have a newer e-mail</source>
        <translation>
            <numerusform>%Ln has a newer e-mail</numerusform>
            <numerusform>%Ln have a newer e-mail</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>CauseCard</name>
    <message numerus="yes">
        <source>%Ln tasks</source>
        <translation>
            <numerusform>%Ln task</numerusform>
            <numerusform>%Ln tasks</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>BatchCard</name>
    <message numerus="yes">
        <source>Up to %Ln e-mails will be cancelled.</source>
        <translation>
            <numerusform>Up to %Ln e-mail will be cancelled.</numerusform>
            <numerusform>Up to %Ln e-mails will be cancelled.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Correct the %Ln addresses</source>
        <translation>
            <numerusform>Correct the address</numerusform>
            <numerusform>Correct the %Ln addresses</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Send the %Ln that failed</source>
        <translation>
            <numerusform>Send the one that failed</numerusform>
            <numerusform>Send the %Ln that failed</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>notices</name>
    <message numerus="yes">
        <source>%Ln queues are paused: {}</source>
        <translation>
            <numerusform>%Ln queue is paused: {}</numerusform>
            <numerusform>%Ln queues are paused: {}</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln queues paused</source>
        <translation>
            <numerusform>%Ln queue paused</numerusform>
            <numerusform>%Ln queues paused</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>SeveralItems</name>
    <message numerus="yes">
        <source>Copy %Ln addresses</source>
        <translation>
            <numerusform>Copy address</numerusform>
            <numerusform>Copy %Ln addresses</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln tasks</source>
        <translation>
            <numerusform>%Ln task</numerusform>
            <numerusform>%Ln tasks</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln items selected</source>
        <translation>
            <numerusform>%Ln item selected</numerusform>
            <numerusform>%Ln items selected</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The first %Ln items are selected: more are not possible at once</source>
        <translation>
            <numerusform>The first item is selected: more are not possible at once</numerusform>
            <numerusform>The first %Ln items are selected: more are not possible at once</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>OverviewView</name>
    <message numerus="yes">
        <source>%Ln automatic retries</source>
        <translation>
            <numerusform>%Ln automatic retry</numerusform>
            <numerusform>%Ln automatic retries</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>outlook</name>
    <message numerus="yes">
        <source>%Ln items to be submitted</source>
        <translation>
            <numerusform>%Ln item to be submitted</numerusform>
            <numerusform>%Ln items to be submitted</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ItemsAside</name>
    <message numerus="yes">
        <source>%Ln items are set aside. The first: {words}</source>
        <translation>
            <numerusform>%Ln item is set aside: {words}</numerusform>
            <numerusform>%Ln items are set aside. The first: {words}</numerusform>
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
    <name>sheets</name>
    <message numerus="yes">
        <source>%Ln hidden rows are left out.</source>
        <translation>
            <numerusform>%Ln hidden row is left out.</numerusform>
            <numerusform>%Ln hidden rows are left out.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln rows are hidden, by hand or by a filter (rows {}). They are read too.</source>
        <translation>
            <numerusform>%Ln row is hidden, by hand or by a filter (row {}). It is read too.</numerusform>
            <numerusform>%Ln rows are hidden, by hand or by a filter (rows {}). They are read too.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln columns are hidden. E-mails do not show them unless you choose so.</source>
        <translation>
            <numerusform>%Ln column is hidden. E-mails do not show it unless you choose so.</numerusform>
            <numerusform>%Ln columns are hidden. E-mails do not show them unless you choose so.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln cells are merged. Their value belongs to the first row only.</source>
        <translation>
            <numerusform>%Ln cell is merged. Its value belongs to the first row only.</numerusform>
            <numerusform>%Ln cells are merged. Their value belongs to the first row only.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln formulas have no saved value and count as empty. Open the file in its own program and save it.</source>
        <translation>
            <numerusform>%Ln formula has no saved value and counts as empty. Open the file in its own program and save it.</numerusform>
            <numerusform>%Ln formulas have no saved value and count as empty. Open the file in its own program and save it.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln cells have an error such as #N/A. Rows whose e-mail would show it need a look.</source>
        <translation>
            <numerusform>%Ln cell has an error such as #N/A. If the e-mail would show it, the row needs a look.</numerusform>
            <numerusform>%Ln cells have an error such as #N/A. Rows whose e-mail would show it need a look.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln other sheets are not read.</source>
        <translation>
            <numerusform>%Ln other sheet is not read.</numerusform>
            <numerusform>%Ln other sheets are not read.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln hidden sheets are not read.</source>
        <translation>
            <numerusform>%Ln hidden sheet is not read.</numerusform>
            <numerusform>%Ln hidden sheets are not read.</numerusform>
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
    <name>list</name>
    <message numerus="yes">
        <source>It was left out %Ln times since.</source>
        <translation>
            <numerusform>It was left out once since.</numerusform>
            <numerusform>It was left out %Ln times since.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ListSheet</name>
    <message numerus="yes">
        <source>Search %Ln addresses</source>
        <translation>
            <numerusform>Search %Ln address</numerusform>
            <numerusform>Search %Ln addresses</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>AddSheet</name>
    <message numerus="yes">
        <source>%Ln addresses of {} are added.</source>
        <translation>
            <numerusform>%Ln address of {} is added.</numerusform>
            <numerusform>%Ln addresses of {} are added.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ListedRoom</name>
    <message numerus="yes">
        <source>%Ln addresses are on the list now</source>
        <translation>
            <numerusform>%Ln address is on the list now</numerusform>
            <numerusform>%Ln addresses are on the list now</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln were on it before</source>
        <translation>
            <numerusform>%Ln was on it before</numerusform>
            <numerusform>%Ln were on it before</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln addresses were refused for good.</source>
        <translation>
            <numerusform>%Ln address was refused for good.</numerusform>
            <numerusform>%Ln addresses were refused for good.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Add these %Ln…</source>
        <translation>
            <numerusform>Add it…</numerusform>
            <numerusform>Add these %Ln…</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln e-mails are marked as bounced</source>
        <translation>
            <numerusform>%Ln e-mail is marked as bounced</numerusform>
            <numerusform>%Ln e-mails are marked as bounced</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Add %Ln</source>
        <translation>
            <numerusform>Add %Ln</numerusform>
            <numerusform>Add %Ln</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln addresses came back.</source>
        <translation>
            <numerusform>%Ln address came back.</numerusform>
            <numerusform>%Ln addresses came back.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Of %Ln it is not certain which e-mail.</source>
        <translation>
            <numerusform>Of %Ln it is not certain which e-mail.</numerusform>
            <numerusform>Of %Ln it is not certain which e-mail.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln other messages are not returned e-mails.</source>
        <translation>
            <numerusform>%Ln other message is not a returned e-mail.</numerusform>
            <numerusform>%Ln other messages are not returned e-mails.</numerusform>
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
</TS>
