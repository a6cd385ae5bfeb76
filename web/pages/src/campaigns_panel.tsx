/** Campaigns with today's figures, their pace and its reason, and the three buttons. */

import { useState } from "preact/hooks";
import { api, type CampaignAction } from "./api";
import { ConfirmDialog } from "./confirm_dialog";
import { Icon, type IconName } from "./icons";
import { useLanguage } from "./language";
import { StateBadge } from "./state_badge";
import type { Campaign, CampaignStatus, Me } from "./wire";
import { useFailure } from "./use_failure";

const ACTION_ICONS: Readonly<Record<CampaignAction, IconName>> = {
  start: "play",
  pause: "pause",
  stop: "stop",
};
const STATUS_ICONS: Readonly<Record<CampaignStatus, IconName>> = {
  running: "play",
  paused: "pause",
  stopped: "stop",
};
const POSSIBLE: Readonly<Record<CampaignStatus, readonly CampaignAction[]>> = {
  running: ["pause", "stop"],
  paused: ["start", "stop"],
  stopped: ["start"],
};

function share(part: number, whole: number): string {
  return whole === 0 ? "" : `${((100 * part) / whole).toFixed(1)} %`;
}

function Figure(props: { readonly value: number; readonly share?: string }) {
  const { count } = useLanguage();
  return (
    <td class="figure">
      {count(props.value)}
      {props.share !== undefined && <span class="sub">{props.share}</span>}
    </td>
  );
}

/** The reason in the page's language; in the service's words where it gives no code. */
function reasonOf(campaign: Campaign, text: ReturnType<typeof useLanguage>["text"]): string {
  const { reason } = campaign;
  return reason ? text(`pace.${reason.code}`, { ...reason }) : campaign.because;
}

interface Wish {
  readonly campaign: string;
  readonly action: CampaignAction;
}

function CampaignRow(props: {
  readonly campaign: Campaign;
  readonly actions: readonly CampaignAction[];
  readonly onWish: (wish: Wish) => void;
}) {
  const { text } = useLanguage();
  const { campaign } = props;
  return (
    <tr data-campaign={campaign.name}>
      <th scope="row">{campaign.name}</th>
      <td>
        <StateBadge
          state={campaign.status}
          icon={STATUS_ICONS[campaign.status]}
          label={text(`status.${campaign.status}`)}
        />
      </td>
      <Figure value={campaign.attempts} />
      <Figure value={campaign.answered} share={share(campaign.answered, campaign.attempts)} />
      <Figure value={campaign.valid} />
      <Figure value={campaign.effective} share={share(campaign.effective, campaign.answered)} />
      <Figure value={campaign.abandoned} share={share(campaign.abandoned, campaign.answered)} />
      <Figure value={campaign.leads_left} />
      <td class="pace">
        {campaign.pace === null ? "–" : text("pace_now", { count: campaign.pace })}
        <span class="sub">{reasonOf(campaign, text)}</span>
      </td>
      {props.actions.length > 0 && (
        <td class="actions">
          {POSSIBLE[campaign.status]
            .filter((action) => props.actions.includes(action))
            .map((action) => (
              <button
                key={action}
                type="button"
                class="button small"
                onClick={() => props.onWish({ campaign: campaign.name, action })}
              >
                <Icon name={ACTION_ICONS[action]} />
                {text(action)}
              </button>
            ))}
        </td>
      )}
    </tr>
  );
}

interface Props {
  readonly campaigns: readonly Campaign[] | null;
  readonly me: Me;
  readonly onSignedOut: () => void;
}

export function CampaignsPanel({ campaigns, me, onSignedOut }: Props) {
  const { text } = useLanguage();
  const [wish, setWish] = useState<Wish | null>(null);
  const { error, fail, forget } = useFailure(onSignedOut);
  const actions = (["start", "pause", "stop"] as const).filter((action) =>
    me.may_use.includes(`campaign_${action}`),
  );
  const fulfil = async (sure: boolean) => {
    setWish(null);
    if (wish === null || !sure) return;
    try {
      await api.campaign(wish.campaign, wish.action);
      forget();
    } catch (thrown) {
      fail(thrown);
    }
  };
  return (
    <section class="card" aria-labelledby="campaigns-title">
      <div class="card-head">
        <h2 id="campaigns-title">
          {text("campaigns")} <span class="muted">{text("campaigns_today")}</span>
        </h2>
      </div>
      <div role="alert">{error !== null && <p class="error">{text(...error.text)}</p>}</div>
      <div class="scroll">
        <CampaignTable campaigns={campaigns ?? []} actions={actions} onWish={setWish} />
        {campaigns === null && <p class="empty">{text("loading")}</p>}
        {campaigns?.length === 0 && <p class="empty">{text("no_campaigns")}</p>}
      </div>
      {wish !== null && (
        <ConfirmDialog
          question={text(`confirm.${wish.action}`, { campaign: wish.campaign })}
          action={text(wish.action)}
          onEnd={(sure) => void fulfil(sure)}
        />
      )}
    </section>
  );
}

function CampaignTable(props: {
  readonly campaigns: readonly Campaign[];
  readonly actions: readonly CampaignAction[];
  readonly onWish: (wish: Wish) => void;
}) {
  const { text } = useLanguage();
  const figures = ["attempts", "answered", "valid", "effective", "abandoned", "leads_left"] as const;
  return (
    <table>
      <thead>
        <tr>
          <th scope="col">{text("campaign")}</th>
          <th scope="col">{text("status")}</th>
          {figures.map((figure) => (
            <th key={figure} scope="col" class="figure">
              {text(figure)}
            </th>
          ))}
          <th scope="col">{text("pace")}</th>
          {props.actions.length > 0 && <th scope="col">{text("actions")}</th>}
        </tr>
      </thead>
      <tbody>
        {props.campaigns.map((campaign) => (
          <CampaignRow
            key={campaign.name}
            campaign={campaign}
            actions={props.actions}
            onWish={props.onWish}
          />
        ))}
      </tbody>
    </table>
  );
}
