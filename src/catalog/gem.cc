// SPDX-License-Identifier: Apache-2.0
// Ruby gems that RubyGems or Bundler installed (guides.rubygems.org, "Specification reference"): specifications/NAME-VERSION
// [-PLATFORM].gemspec, a Ruby program that RubyGems wrote out of plain values:
//
//   # stub: rack 2.2.3 ruby lib
//   Gem::Specification.new do |s|
//     s.name = "rack".freeze
//     s.version = Gem::Version.new("2.2.3")
//     s.licenses = ["MIT".freeze]
//
// It is not run: only what stands there as a text counts, then the comment, then the name of the file. A gem that Bundler took
// from git keeps its author's specification, which may compute the version: that is a Note.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/text.h"
#include "catalog/cataloger.h"
#include "catalog/stanza.h"

namespace peekr {
namespace {

// The texts in quotes of a statement; none where one is put together at run time ("#{..}").
std::vector<std::string> quoted_texts(std::string_view value) {
  std::vector<std::string> texts;
  for (std::size_t at = value.find_first_of("\"'#"); at != std::string_view::npos;
       at = value.find_first_of("\"'#", at + 1)) {
    if (value[at] == '#') break;  // a comment
    const std::size_t end = value.find(value[at], at + 1);
    if (end == std::string_view::npos) break;
    const std::string_view text = value.substr(at + 1, end - at - 1);
    if (text.find("#{") != std::string_view::npos) return {};
    texts.emplace_back(text);
    at = end;
  }
  return texts;
}

// "s.name = .." -> {"name", " .."}; the object has any name.
Pair assignment(std::string_view line) {
  const auto [left, value] = cut(line, '=');
  const auto [variable, field] = cut(trim(left), '.');
  const auto is_word = [](char c) { return is_alpha(c) || is_digit(c) || c == '_'; };
  if (value.empty() || variable.empty() || !std::ranges::all_of(variable, is_word)) return {};
  return {trim(field), value};
}

// "rack-2.2.3-x86_64-linux.gemspec": the version begins at the first digit behind a dash.
void complete_by_file_name(Package& package) {
  std::string_view name = package.path.name();
  name.remove_suffix(std::string_view(".gemspec").size());
  for (std::size_t at = name.find('-'); at != std::string_view::npos; at = name.find('-', at + 1)) {
    if (at + 1 == name.size() || !is_digit(name[at + 1])) continue;
    if (package.name.empty()) package.name = name.substr(0, at);
    if (package.version.empty() && package.name == name.substr(0, at)) {
      package.version = cut(name.substr(at + 1), '-').first;
    }
    return;
  }
}

void read_line(std::string_view line, Package& package) {
  if (line.starts_with("# stub: ") && package.name.empty()) {
    const std::vector<std::string_view> words = split(line.substr(8), ' ');
    if (words.size() > 1) package.name = words[0], package.version = words[1];
    return;
  }
  const auto [field, value] = assignment(line);
  if (field != "name" && field != "version" && field != "license" && field != "licenses") return;
  std::vector<std::string> texts = quoted_texts(value);
  if (texts.empty()) return;
  if (field == "name") package.name = texts[0];
  if (field == "version") package.version = texts[0];
  if (field.starts_with("license")) package.licenses = std::move(texts);
}

void run(const File& file, Inventory& found) {
  Package package{.type = "gem", .path = file.path};
  for (std::string_view rest = file.bytes; !rest.empty();) read_line(trim(next_line(rest)), package);
  if (package.name.empty() || package.version.empty()) complete_by_file_name(package);
  if (package.name.empty() || package.version.empty()) {
    const std::string what =
        package.name.empty() ? "no name" : peekr::quoted(package.name) + ": no version that is a text";
    found.notes.push_back({file.path, Why::unsupported, what});
  } else {
    found.add(std::move(package));
  }
}

constexpr std::array<Pattern, 3> kWants = {
    "**/specifications/*.gemspec", "**/specifications/default/*.gemspec", "**/bundler/gems/*/*.gemspec"};

}  // namespace

namespace catalogers {
extern const Cataloger gem;
constexpr Cataloger gem = {.name = "gem",
                           .about = "installed Ruby gems: their specifications",
                           .version = 1,
                           .wants = kWants,
                           .run = run};
}  // namespace catalogers

}  // namespace peekr
