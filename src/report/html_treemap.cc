// SPDX-License-Identifier: Apache-2.0
// The treemap: layers, in each its packages, with areas as their risk ("Squarified Treemaps", Bruls, Huizing and van Wijk, 2000).
// Heights are pixels and widths per cent, so that it fills any page and its labels are not stretched.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>

#include "report/columns.h"
#include "report/html.h"

namespace peekr::html {
namespace {

// The width of the page that the shapes are made for.
constexpr double kWidth = 1120, kTitle = 24, kGap = 3;
constexpr double kColumn = 7.2;         // of text, pixels
constexpr std::size_t kMostTiles = 60;  // of a layer; the rest is one tile
constexpr double kLeast = 0.1;          // of risk: nothing vanishes

struct Rect {
  double x = 0, y = 0, width = kWidth, height = 0;
};

double aspect(double a, double b) { return std::max(a / b, b / a); }

// The weights are sorted, the greatest first.
std::vector<Rect> squarified(const std::vector<double>& weights, Rect rest) {
  std::vector<Rect> tiles;
  double left = 0;
  for (const double weight : weights) left += weight;
  while (tiles.size() < weights.size()) {
    const bool upright = rest.width >= rest.height;  // the next tiles stand on each other at the left edge
    const double side = upright ? rest.height : rest.width, scale = rest.width * rest.height / left;
    const std::size_t from = tiles.size();
    std::size_t to = from;
    double sum = 0, worst = std::numeric_limits<double>::infinity();
    for (; to < weights.size(); ++to) {
      const double depth = (sum + weights[to]) * scale / side;
      const double then =
          std::max(aspect(weights[from] * scale / depth, depth), aspect(weights[to] * scale / depth, depth));
      if (then > worst) break;
      worst = then;
      sum += weights[to];
    }
    const double depth = sum * scale / side;
    double at = upright ? rest.y : rest.x;
    for (std::size_t i = from; i < to; ++i) {
      const double length = weights[i] * scale / depth;
      tiles.push_back(upright ? Rect{rest.x, at, depth, length} : Rect{at, rest.y, length, depth});
      at += length;
    }
    (upright ? rest.x : rest.y) += depth;
    (upright ? rest.width : rest.height) -= depth;
    left -= sum;
  }
  return tiles;
}

double weight_of(const Tile& tile) { return std::max(tile.risk, kLeast); }

// On which pages the text fits: a class of html.css.
std::string_view fit(std::string_view text, const Rect& rect) {
  const double needed = kColumn * static_cast<double>(columns(text)) + 10;
  if (rect.height < 20 || rect.width < needed) return "never";
  if (rect.width * 340 / kWidth >= needed) return "any";
  return rect.width * 700 / kWidth >= needed ? "tablet" : "desk";
}

void open_box(const Page& page, const Rect& rect) {
  const auto share = [](double part) { return fmt::format("{:.3f}%", std::max(100 * part / kWidth, 0.0)); };
  const auto pixels = [](double part) { return fmt::format("{:.1f}", std::max(part, 0.5)); };
  page.put("<svg x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"",
           {share(rect.x), pixels(rect.y), share(rect.width), pixels(rect.height)});
}

void put_tile(const Page& page, const Tile& tile, const Rect& rect) {
  const std::string& source = tile.group->source;
  open_box(page, rect);
  page.put(
      " class=\"tile {}\" data-package=\"{}\" data-layer=\"{}\"><title>{} {}: {}, risk {}</title>"
      "<rect width=\"100%\" height=\"100%\"/>",
      {name(tile.worst), source, std::to_string(tile.layer), source, tile.group->version,
       counted(tile.count, "vulnerability"), fmt::format("{:.0f}", tile.risk)});
  const std::string_view class_name = fit(one_line(source), rect);
  if (class_name != "never") page.put("<text x=\"6\" y=\"16\" class=\"{}\">{}</text>", {class_name, source});
  page.put("</svg>\n");
}

void put_rest(const Page& page, std::size_t count, const Rect& rect) {
  open_box(page, rect);
  page.put(" class=\"tile others\"><title>{} more</title><rect width=\"100%\" height=\"100%\"/></svg>\n",
           {counted(count, "package")});
}

// What stands over a layer's tiles: on wide pages as much as there is room for, on others its number.
void put_place(const Page& page, const std::vector<Tile>& tiles, const Rect& rect) {
  double risk = 0;
  for (const Tile& tile : tiles) risk += tile.risk;
  const std::uint32_t layer = tiles.front().layer;
  const std::string all = fmt::format("risk {:.0f} · {}", risk, one_line(place_of(page.report, layer)));
  const std::string number = has_layers(page.report.image) ? fmt::format("layer {}", layer + 1) : "";
  open_box(page, rect);
  page.put("><title>{}</title><text x=\"2\" y=\"16\" class=\"place desk\">{}</text>",
           {all, shortened(all, static_cast<std::size_t>(rect.width / kColumn))});
  if (const std::string_view class_name = fit(number, rect); class_name != "never")
    page.put("<text x=\"2\" y=\"16\" class=\"place brief {}\">{}</text>", {class_name, number});
  page.put("</svg>\n");
}

void put_layer(const Page& page, const std::vector<Tile>& tiles, Rect rect) {
  rect.width = std::max(rect.width - kGap, 1.0);
  rect.height = std::max(rect.height - kGap, 1.0);
  page.put("<g>");
  if (rect.height > 2 * kTitle) {
    put_place(page, tiles, {rect.x, rect.y, rect.width, kTitle});
    rect.y += kTitle;
    rect.height -= kTitle;
  }
  std::vector<double> weights;
  for (std::size_t i = 0; i < tiles.size(); ++i) {
    if (i > kMostTiles) {
      weights.back() += weight_of(tiles[i]);
    } else {
      weights.push_back(weight_of(tiles[i]));
    }
  }
  const std::vector<Rect> places = squarified(weights, rect);
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (i == kMostTiles && tiles.size() > kMostTiles + 1) {
      put_rest(page, tiles.size() - kMostTiles, places[i]);
    } else {
      put_tile(page, tiles[i], places[i]);
    }
  }
  page.put("</g>\n");
}

}  // namespace

std::vector<std::vector<Tile>> tiles_of(const std::vector<Entry>& entries) {
  std::map<std::uint32_t, std::map<const FindingGroup*, Tile>> all;
  for (const Entry& entry : entries) {
    if (!entry.counts) continue;
    Tile& tile = all[entry.layer][entry.group];
    tile.group = entry.group;
    tile.layer = entry.layer;
    tile.risk += entry.finding().risk.total;
    tile.worst = std::max(tile.worst, entry.finding().severity);
    ++tile.count;
  }
  std::vector<std::vector<Tile>> layers;
  for (const auto& [layer, of_layer] : all) {
    std::vector<Tile>& tiles = layers.emplace_back();
    for (const auto& [group, tile] : of_layer) tiles.push_back(tile);
    std::ranges::stable_sort(tiles, std::ranges::greater(), &Tile::risk);
  }
  std::ranges::stable_sort(layers, std::ranges::greater(), [](const std::vector<Tile>& tiles) {
    double risk = 0;
    for (const Tile& tile : tiles) risk += tile.risk;
    return risk;
  });
  return layers;
}

void put_treemap(const Page& page, const std::vector<std::vector<Tile>>& layers) {
  std::vector<double> weights;
  std::size_t count = 0;
  for (const std::vector<Tile>& tiles : layers) {
    double sum = 0;
    for (const Tile& tile : tiles) sum += weight_of(tile);
    weights.push_back(sum);
    count += tiles.size();
  }
  const double height = count < 5 ? 150 : count < 15 ? 260 : 400;
  page.put(
      "<svg class=\"treemap\" role=\"img\" height=\"{}\" aria-label=\"Treemap of layers and packages by "
      "risk; the "
      "tables below have its numbers\">\n",
      {fmt::format("{:.0f}", height)});
  const std::vector<Rect> places = squarified(weights, Rect{.height = height});
  for (std::size_t i = 0; i < layers.size(); ++i) put_layer(page, layers[i], places[i]);
  page.put("</svg>\n");
}

}  // namespace peekr::html
