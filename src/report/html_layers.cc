// SPDX-License-Identifier: Apache-2.0
// Where the risk comes from: the layers of the image and the packages in them, as a picture and as tables.
#include <fmt/format.h>

#include <algorithm>

#include "report/columns.h"
#include "report/html.h"
#include "report/table.h"

namespace peekr::html {
namespace {

struct LayerSum {
  Sums sums;
  double risk = 0;
};

std::vector<LayerSum> layer_sums(const Page& page) {
  std::vector<LayerSum> layers;
  for (std::size_t i = 0; i < page.report.image.layers.size(); ++i) {
    std::vector<Entry> of_layer;
    std::ranges::copy_if(page.entries, std::back_inserter(of_layer),
                         [&](const Entry& one) { return one.layer == i; });
    LayerSum& layer = layers.emplace_back();
    layer.sums = sums_of(of_layer);
    for (const Entry& one : of_layer) {
      if (one.counts) layer.risk += one.finding().risk.total;
    }
  }
  return layers;
}

void put_stack(const Page& page, const LayerSum& layer, std::size_t most) {
  page.put("<svg class=\"bar stack\" aria-hidden=\"true\">");
  double at = 0;
  for (std::size_t i = layer.sums.by_severity.size(); i-- > 0;) {
    const double width =
        100.0 * static_cast<double>(layer.sums.by_severity[i].all) / static_cast<double>(most);
    if (width == 0) continue;
    page.put("<rect class=\"{}\" x=\"{}\" width=\"{}\" height=\"100%\"/>",
             {name(static_cast<Severity>(i)), fmt::format("{:.2f}%", at), fmt::format("{:.2f}%", width)});
    at += width;
  }
  page.put("</svg>");
}

void put_layer_table(const Page& page) {
  const ImageInfo& image = page.report.image;
  const std::vector<LayerSum> layers = layer_sums(page);
  std::size_t most = 1;
  for (const LayerSum& layer : layers) most = std::max(most, layer.sums.all);
  page.put("<div class=\"layers\">\n");
  open_table(page, "Layers, the lowest first. What several layers have counts in the lowest.",
             {{"Layer"},
              {"Built by"},
              {"By severity"},
              {"Vulnerabilities", kNumber},
              {"With a fix", kNumber},
              {"Risk", kNumber}});
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const std::string by = table::instruction(image.layers[i].created_by);
    page.put("<tr><th scope=\"row\">{}", {std::to_string(i + 1)});
    put_small(page, is_of_base(image, i) ? "base" : "");
    page.put("</th><td class=\"code\" title=\"{}\">{}</td><td>", {by, by.empty() ? "not said" : by});
    put_stack(page, layers[i], most);
    page.put(
        "</td><td class=\"number\">{}</td><td class=\"number\">{}</td><td class=\"number\">{}</td></tr>\n",
        {grouped_digits(layers[i].sums.all), grouped_digits(layers[i].sums.fixable),
         fmt::format("{:.0f}", layers[i].risk)});
  }
  close_table(page);
  page.put("</div>\n");
}

void put_package_table(const Page& page, const std::vector<std::vector<Tile>>& layers) {
  std::vector<Tile> tiles;
  for (const std::vector<Tile>& layer : layers) tiles.insert(tiles.end(), layer.begin(), layer.end());
  std::ranges::stable_sort(tiles, std::ranges::greater(), &Tile::risk);
  page.put("<details><summary>{} by risk, as a table</summary>\n", {counted(tiles.size(), "source package")});
  open_table(
      page, "Source packages by risk",
      {{"Package"}, {"Version"}, {"From"}, {"Worst"}, {"Vulnerabilities", kNumber}, {"Risk", kNumber}});
  for (const Tile& tile : tiles) {
    page.put("<tr><th scope=\"row\">{}</th><td class=\"code\">{}</td><td>{}</td><td>{}</td>",
             {tile.group->source, tile.group->version, place_of(page.report, tile.layer), name(tile.worst)});
    page.put("<td class=\"number\">{}</td><td class=\"number\">{}</td></tr>\n",
             {grouped_digits(tile.count), fmt::format("{:.0f}", tile.risk)});
  }
  close_table(page);
  page.put("</details>\n");
}

}  // namespace

std::string place_of(const Report& report, std::uint32_t layer) {
  if (!has_layers(report.image)) return "the files";
  return (is_of_base(report.image, layer) ? "base image, " : "") + table::layer_text(report.image, layer);
}

void put_layers(const Page& page) {
  if (page.entries.empty()) return;
  page.put(
      "<section aria-labelledby=\"where\">\n<h2 id=\"where\">Where the risk is</h2>\n<p class=\"key\">Area "
      "is risk, colour the worst "
      "severity.</p>\n");
  const std::vector<std::vector<Tile>> layers = tiles_of(page.entries);
  put_treemap(page, layers);
  if (has_layers(page.report.image)) put_layer_table(page);
  put_package_table(page, layers);
  page.put("</section>\n");
}

}  // namespace peekr::html
