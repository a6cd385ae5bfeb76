/** A call script with the lead's own words in it. Pure. */

import type { CampaignScript, LeadView, ScriptView } from "./wire";

export const PARTS = ["before_call", "during_call", "after_call"] as const;
export type ScriptPart = (typeof PARTS)[number];

/**
 * Put the lead's fields and the agent's name where the script names them. One pass: braces in a lead's
 * name stay what they are. The result is text, never markup: it is shown as such.
 */
export function fillScript(template: string, lead: LeadView, agent: string): string {
  const values: Readonly<Record<string, unknown>> = { ...lead, agent };
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    return typeof value === "string" ? value : whole;
  });
}

/** The script in the page's language, else in another. */
export function scriptIn(language: string, found: CampaignScript): ScriptView | null {
  return found.scripts.find((one) => one.language === language) ?? found.scripts[0] ?? null;
}
