/** The outbound list, a page at a time, and as files of all that matches. */

import { useEffect, useState } from "preact/hooks";
import { api } from "./api";
import { formatSeconds } from "./clock";
import { useLanguage } from "./language";
import type { TextKey } from "./locales/en";
import { RecordingPlayer, type Hearing } from "./recording_player";
import { ScrollBox } from "./scroll_box";
import type { CallLineView, CallList } from "./wire";
import { wallIn } from "./zone_time";

/** The columns of the files, in their order; a name and its id share one here. */
const COLUMNS = [
  "call_id",
  "when",
  "campaign",
  "agent",
  "extension",
  "customer",
  "number",
  "region",
  "direction",
  "result",
  "disposition",
  "ring",
  "talk",
  "valid",
  "effective",
  "recording",
  "list",
  "tries",
  "ended_by",
  "note",
] as const satisfies readonly TextKey[];

interface RowProps {
  readonly call: CallLineView;
  readonly zone: string;
  /** null: this account hears no recordings. */
  readonly onPlay: ((call: CallLineView) => void) | null;
}

function Row({ call, zone, onPlay }: RowProps) {
  const { text, word, count, language } = useLanguage();
  const yes = (value: boolean) => text(value ? "yes" : "no");
  return (
    <tr data-call-line={call.call_id}>
      <td class="call-id">{call.call_id}</td>
      <td>{wallIn(zone, call.dialled_at, language)}</td>
      <td>{call.campaign ?? ""}</td>
      <td>{call.agent_name ?? call.agent ?? ""}</td>
      <td>{call.extension ?? ""}</td>
      <td>
        {call.company ?? ""}
        <span class="sub">{call.contact ?? ""}</span>
      </td>
      <td class="phone">{call.number}</td>
      <td>{call.region ?? ""}</td>
      <td>{word("direction", call.direction)}</td>
      <td>{word("result", call.network_result)}</td>
      <td>{word("disposition", call.agent_disposition ?? "")}</td>
      <td class="figure">{call.ring_seconds === null ? "" : call.ring_seconds.toFixed(1)}</td>
      <td class="figure">{formatSeconds(call.talk_seconds)}</td>
      <td>{yes(call.valid)}</td>
      <td>{yes(call.effective)}</td>
      <td>
        {call.recording && onPlay !== null ? (
          <button
            type="button"
            class="button small"
            aria-label={text("play_of", { when: wallIn(zone, call.dialled_at, language) })}
            onClick={() => onPlay(call)}
          >
            {text("play")}
          </button>
        ) : (
          yes(call.recording)
        )}
      </td>
      <td>{call.list ?? ""}</td>
      <td class="figure">{call.tries === 0 ? "" : count(call.tries)}</td>
      <td>{word("ended_by", call.hangup_by ?? "")}</td>
      <td>{call.note}</td>
    </tr>
  );
}

interface TableProps {
  readonly list: CallList;
  readonly labelledBy: string;
  readonly onPlay: RowProps["onPlay"];
}

function CallTable({ list, labelledBy, onPlay }: TableProps) {
  const { text } = useLanguage();
  return (
    <ScrollBox labelledBy={labelledBy}>
      <table class="call-list">
        <thead>
          <tr>
            {COLUMNS.map((name) => (
              <th key={name} scope="col">
                {text(name)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {list.calls.map((call) => (
            <Row key={call.call_id} call={call} zone={list.zone} onPlay={onPlay} />
          ))}
        </tbody>
      </table>
    </ScrollBox>
  );
}

/** One page that is shown: after which place it begins, and how many calls are before it. */
interface Place {
  readonly after: string | null;
  readonly before: number;
}
const BEGIN: Place = { after: null, before: 0 };

function usePages(query: string, fail: (thrown: unknown) => void) {
  const [places, setPlaces] = useState<readonly Place[]>([BEGIN]);
  const [total, setTotal] = useState<number | null>(null);
  const [list, setList] = useState<CallList | null>(null);
  const place = places[places.length - 1] ?? BEGIN;
  useEffect(() => setPlaces([BEGIN]), [query]);
  useEffect(() => {
    let isWanted = true;
    const after = place.after === null ? "" : `&after=${encodeURIComponent(place.after)}`;
    api.calls(`${query}${after}`).then(
      (found) => {
        if (!isWanted) return;
        setList(found);
        if (found.total !== null) setTotal(found.total);
      },
      (thrown: unknown) => isWanted && fail(thrown),
    );
    return () => {
      isWanted = false;
    };
  }, [query, place]);
  const next = list?.next ?? null;
  return {
    list,
    total,
    before: place.before,
    older:
      next === null || list === null
        ? null
        : () => setPlaces([...places, { after: next, before: place.before + list.calls.length }]),
    newer: places.length === 1 ? null : () => setPlaces(places.slice(0, -1)),
  };
}

/** Alt with Page Up and Page Down turns the pages: plain keys scroll, and letters are typed. */
function usePageKeys(newer: (() => void) | null, older: (() => void) | null): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      const act = event.key === "PageDown" ? older : event.key === "PageUp" ? newer : null;
      if (!event.altKey || act === null) return;
      event.preventDefault();
      act();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, [newer, older]);
}

interface Props {
  /** What `/reports/calls` is asked, without page and form. */
  readonly query: string;
  readonly labelledBy: string;
  readonly hearing: Hearing;
  readonly fail: (thrown: unknown) => void;
}

export function PagedCalls({ query, labelledBy, hearing, fail }: Props) {
  const { text, count, language } = useLanguage();
  const [played, setPlayed] = useState<CallLineView | null>(null);
  const { list, total, before, older, newer } = usePages(query, fail);
  usePageKeys(newer, older);
  if (list === null) return <p class="empty">{text("loading")}</p>;
  const shown = { first: count(before + 1), last: count(before + list.calls.length), total: count(total ?? 0) };
  return (
    <>
      <div class="card-head">
        <p role="status">{list.calls.length === 0 ? text("calls_none") : text("calls_shown", shown)}</p>
        <div class="page-turner">
          <button type="button" class="button small" disabled={newer === null} aria-keyshortcuts="Alt+PageUp" onClick={newer ?? undefined}>
            {text("calls_newer")}
          </button>
          <button type="button" class="button small" disabled={older === null} aria-keyshortcuts="Alt+PageDown" onClick={older ?? undefined}>
            {text("calls_older")}
          </button>
          <a class="button small" href={api.callsFile(query, "csv")} download>
            CSV
          </a>
          <a class="button small" href={api.callsFile(query, "xlsx")} download>
            XLSX
          </a>
        </div>
      </div>
      {played !== null && (
        <RecordingPlayer
          call={played.call_id}
          when={wallIn(list.zone, played.dialled_at, language)}
          maySave={hearing.save}
          onClose={() => setPlayed(null)}
        />
      )}
      <CallTable list={list} labelledBy={labelledBy} onPlay={hearing.play ? setPlayed : null} />
    </>
  );
}
