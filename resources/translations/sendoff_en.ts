<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="en">
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
    <name>FormItems</name>
    <message numerus="yes">
        <source>%Ln items are set aside. The first: {words}</source>
        <translation>
            <numerusform>%Ln item is set aside: {words}</numerusform>
            <numerusform>%Ln items are set aside. The first: {words}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Closing</name>
    <message numerus="yes">
        <source>%Ln tasks are still open.</source>
        <translation>
            <numerusform>%Ln task is still open.</numerusform>
            <numerusform>%Ln tasks are still open.</numerusform>
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
    <name>TaskTable</name>
    <message numerus="yes">
        <source>%Ln found</source>
        <translation>
            <numerusform>%Ln found</numerusform>
            <numerusform>%Ln found</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>more than %Ln found</source>
        <translation>
            <numerusform>more than %Ln found</numerusform>
            <numerusform>more than %Ln found</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TaskVerbs</name>
    <message numerus="yes">
        <source>%Ln tasks</source>
        <translation>
            <numerusform>%Ln task</numerusform>
            <numerusform>%Ln tasks</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln tasks run again</source>
        <translation>
            <numerusform>%Ln task runs again</numerusform>
            <numerusform>%Ln tasks run again</numerusform>
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
        <source>%Ln messages</source>
        <translation>
            <numerusform>%Ln message</numerusform>
            <numerusform>%Ln messages</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln messages are sent again</source>
        <translation>
            <numerusform>%Ln message is sent again</numerusform>
            <numerusform>%Ln messages are sent again</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%Ln tasks start now</source>
        <translation>
            <numerusform>%Ln task starts now</numerusform>
            <numerusform>%Ln tasks start now</numerusform>
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
</context>
<context>
    <name>reasons</name>
    <message numerus="yes">
        <source>It crashed its process %Ln times in a row</source>
        <translation>
            <numerusform>It crashed its process %Ln time</numerusform>
            <numerusform>It crashed its process %Ln times in a row</numerusform>
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
</TS>
