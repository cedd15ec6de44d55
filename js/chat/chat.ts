// The page of the chat example: the official Phoenix client, and as little as possible around it.

import { type Channel, Presence, Socket } from "phoenix";

const $ = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;

const [enter, say] = [$<HTMLFormElement>("enter"), $<HTMLFormElement>("say")];
const [messages, people, state] = [$("messages"), $("people"), $("state")];

/** A colour for each name, the same for everybody. */
function hue(name: string): string {
  let sum = 7;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 360;
  return String(sum);
}

function show(text: string, kind: string, name = ""): void {
  const item = document.createElement("li");
  item.className = kind;
  if (name) {
    const who = document.createElement("b");
    who.textContent = name;
    item.append(who);
    item.style.setProperty("--hue", hue(name));
  }
  item.append(text);
  messages.append(item);
  item.scrollIntoView({ block: "end" });
}

function showState(word: string): void {
  state.dataset.state = word;
  state.textContent = word === "joined" ? "connected" : word;
}

function showPeople(presence: Presence): void {
  const items = presence.list((name: string) => {
    const item = document.createElement("li");
    item.textContent = name;
    item.dataset.initial = [...name][0]?.toUpperCase() ?? "";
    item.style.setProperty("--hue", hue(name));
    return item;
  });
  items.sort((one, two) => (one.textContent ?? "").localeCompare(two.textContent ?? ""));
  people.replaceChildren(...items);
  $("count").textContent = String(items.length);
}

function watch(channel: Channel): void {
  const presence = new Presence(channel);
  presence.onSync(() => showPeople(presence));
  presence.onJoin((name, before) => {
    if (!before && name) show(`${name} is here`, "note");
  });
  presence.onLeave((name, left) => {
    if (left.metas.length === 0 && name) show(`${name} has left`, "note");
  });
}

function join(name: string): void {
  const socket = new Socket(new URL("socket", location.href).pathname);
  const channel = socket.channel("room:lobby", { name });
  watch(channel);
  channel.on("shout", ({ from, body }: { from: string; body: string }) =>
    show(String(body), from === name ? "mine" : "", String(from)),
  );
  channel.onError(() => {
    showState("reconnecting");
    show("The channel failed; joining again", "note");
  });
  channel
    .join()
    .receive("ok", () => {
      showState("joined");
      enter.hidden = true;
      say.hidden = false;
      $("body").focus();
    })
    .receive("error", ({ reason }) => show(String(reason), "note"));
  socket.connect();
  say.addEventListener("submit", (event) => {
    event.preventDefault();
    const input = $<HTMLInputElement>("body");
    if (input.value.trim()) channel.push("shout", { from: name, body: input.value });
    input.value = "";
  });
  $("boom").addEventListener("click", () => channel.push("boom", {}));
}

enter.addEventListener("submit", (event) => {
  event.preventDefault();
  join($<HTMLInputElement>("name").value.trim());
});
