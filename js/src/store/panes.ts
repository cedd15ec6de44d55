// Which view of the centre, which tab of the inspector and which panel of the dock are shown. The kernel is told, so that it
// need not work out what nobody looks at.

export type Area = "centre" | "tab" | "dock";

export type Panes = Readonly<Record<Area, string>>;

export interface PaneAction {
  readonly type: "show";
  readonly area: Area;
  readonly id: string;
}

export const NO_PANES: Panes = { centre: "tree", tab: "state", dock: "timeline" };

export function reducePanes(panes: Panes, { area, id }: PaneAction): Panes {
  return panes[area] === id ? panes : { ...panes, [area]: id };
}
