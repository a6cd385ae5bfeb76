/** A state as colour, picture and word, so that no single one of them is needed. */

import { Icon, type IconName } from "./icons";

interface Props {
  readonly state: string;
  readonly icon: IconName;
  readonly label: string;
}

export function StateBadge({ state, icon, label }: Props) {
  return (
    <span class={`badge state-${state}`}>
      <Icon name={icon} />
      {label}
    </span>
  );
}
