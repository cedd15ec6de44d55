"""How well text can be read: the contrast of every drawn text with what is behind it, as WCAG computes it."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Locator

MEASURE = r"""root => {
    const host = root.getRootNode();
    const number = text => {
        const canvas = Object.assign(document.createElement("canvas"), {width: 1, height: 1});
        const pen = canvas.getContext("2d", {willReadFrequently: true});
        pen.clearRect(0, 0, 1, 1); pen.fillStyle = text; pen.fillRect(0, 0, 1, 1);
        const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
        return [r, g, b, a / 255];
    };
    const known = new Map();
    const colour = text => { if (!known.has(text)) known.set(text, number(text)); return known.get(text); };
    const over = ([r, g, b, a], [x, y, z]) => [r * a + x * (1 - a), g * a + y * (1 - a), b * a + z * (1 - a), 1];
    const light = ([r, g, b]) => {
        const part = value => {
            const c = value / 255;
            return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
        };
        return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
    };
    const parent = element => element.parentElement ?? (element.getRootNode().host ?? null);
    const behind = element => {
        const layers = [];
        for (let at = element; at; at = parent(at)) layers.push(colour(getComputedStyle(at).backgroundColor));
        return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255, 1]);
    };
    const found = [];
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        const text = walker.currentNode.textContent.trim();
        const style = getComputedStyle(element);
        const inactive = element.closest(":disabled, [aria-hidden=true] svg, .spoken, style");
        if (!text || inactive || !element.checkVisibility({checkOpacity: true, checkVisibilityCSS: true})) continue;
        const isSvg = element instanceof SVGElement;
        const ink = over(colour(isSvg ? style.fill : style.color), behind(element));
        const [a, b] = [light(ink), light(behind(element))].sort((x, y) => y - x);
        const tag = element.className?.baseVal ?? element.className;
        found.push({text: text.slice(0, 30), tag, ratio: (a + 0.05) / (b + 0.05)});
    }
    return found;
}"""


def contrasts(root: Locator) -> list[dict[str, Any]]:
    """Every text below `root`, its class, and the ratio, the worst first."""
    found: list[dict[str, Any]] = root.evaluate(MEASURE)
    return sorted(found, key=lambda text: text["ratio"])
