// Reads a raw e-mail on stdin with postal-mime, or says what programs lack that an HTML page needs.
import { readFileSync } from "node:fs";
import PostalMime from "postal-mime";
import { caniemail } from "caniemail";

const CLIENTS = ["outlook.windows", "gmail.*", "apple-mail.*"];

async function read(raw) {
  const mail = await PostalMime.parse(raw);
  const box = ({ name, address }) => [name, address];
  const digest = async (content) =>
    Buffer.from(await crypto.subtle.digest("SHA-256", content)).toString("hex");
  const files = mail.attachments.map(async (file) => [
    file.filename ?? "",
    file.mimeType,
    await digest(file.content),
  ]);
  return {
    subject: mail.subject,
    from: [box(mail.from)],
    to: mail.to.map(box),
    cc: mail.cc.map(box),
    bcc: (mail.bcc ?? []).map(box),
    reply_to: mail.replyTo.map(box),
    text: mail.text,
    html: mail.html,
    files: await Promise.all(files),
  };
}

function judge(html) {
  const { issues } = caniemail({ clients: CLIENTS, html });
  const named = (kind) => {
    const found = {};
    for (const [client, each] of issues[kind])
      for (const { title } of each) (found[title] ??= new Set()).add(client);
    return Object.fromEntries(Object.entries(found).map(([title, set]) => [title, [...set]]));
  };
  return { lacking: named("errors"), partly: named("warnings") };
}

const given = readFileSync(0);
const answer = process.argv[2] === "judge" ? judge(given.toString()) : await read(given);
console.log(JSON.stringify(answer));
