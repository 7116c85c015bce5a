// SPDX-License-Identifier: Apache-2.0
// Homebrew (docs.brew.sh): name and version are folders, Cellar/<name>/<version>, a "keg". It keeps the formula that it was
// built by, and since 2012 a receipt; either says that it is there.
//
//   home/linuxbrew/.linuxbrew/Cellar/rclone/1.67.0/INSTALL_RECEIPT.json
//   home/linuxbrew/.linuxbrew/Cellar/rclone/1.67.0/.brew/rclone.rb       license "MIT"
#include <array>
#include <string>

#include "base/text.h"
#include "catalog/cataloger.h"

namespace peekr {
namespace {

// The quoted words behind `license` at the start of a line, without those that are keys: any_of: ["MIT", "0BSD"].
std::vector<std::string> licenses_of(std::string_view formula) {
  std::vector<std::string> licenses;
  while (!formula.empty()) {
    std::string_view line = trim(next_line(formula));
    if (!line.starts_with("license ")) continue;
    for (std::size_t open = line.find('"'); open != std::string_view::npos; open = line.find('"')) {
      line.remove_prefix(open + 1);
      const std::size_t close = line.find('"');
      if (close == std::string_view::npos) break;
      licenses.emplace_back(line.substr(0, close));
      line.remove_prefix(close + 1);
    }
    break;
  }
  return licenses;
}

void run(const File& file, Inventory& found) {
  std::string_view keg = file.path.folder();
  const bool formula = file.path.name().ends_with(".rb");
  if (formula) keg = keg.substr(0, keg.rfind('/'));
  const std::size_t slash = keg.rfind('/');
  const std::string_view around = keg.substr(0, slash);
  Package package{.type = "brew",
                  .name = std::string(around.substr(around.rfind('/') + 1)),
                  .version = std::string(keg.substr(slash + 1)),
                  .path = Path(keg)};  // so that a keg counts once
  if (formula) {
    if (std::vector<std::string> licenses = licenses_of(file.bytes); !licenses.empty())
      found.claims.push_back(
          {.type = package.type, .package = package.name, .licenses = std::move(licenses)});
  }
  found.add(std::move(package));
}

constexpr std::array<Pattern, 2> kWants = {"**/Cellar/*/*/INSTALL_RECEIPT.json", "**/Cellar/*/*/.brew/*.rb"};

}  // namespace

namespace catalogers {
extern const Cataloger homebrew;
constexpr Cataloger homebrew = {.name = "homebrew",
                                .about = "Homebrew's kegs: names, versions, licences",
                                .version = 1,
                                .wants = kWants,
                                .run = run};
}  // namespace catalogers

}  // namespace peekr
