// SPDX-License-Identifier: Apache-2.0
#include "report/dockerfile.h"

#include <algorithm>
#include <optional>

#include "base/text.h"

namespace peekr {
namespace {

constexpr std::string_view kBlanks = " \t\r\n\v\f";

std::string_view without_return(std::string_view line) {
  while (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

// "# escape=`" and the like stand before all else; what is none of the three ends them. '\\' unless it says otherwise.
char escape_of(const std::vector<std::string_view>& lines) {
  constexpr std::string_view kDirectives[] = {"syntax", "check", "escape"};
  char escape = '\\';
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string_view line = i == 0 ? without_mark(lines[i]) : lines[i];
    if (!line.starts_with('#')) break;
    const Pair parts = cut(line.substr(1), '=');
    const std::string name = lower(trim(parts.first));
    const std::string_view value = trim(parts.second);
    if (std::ranges::find(kDirectives, name) == std::end(kDirectives) || value.empty()) break;
    if (name == "escape" && (value == "`" || value == "\\")) escape = value.front();
  }
  return escape;
}

// Cuts the escape off that ends a line which goes on; whether there was one. Two of them are no such.
bool cut_escape(std::string_view& line, char escape) {
  const std::size_t last = line.find_last_not_of(" \t");
  if (last == std::string_view::npos || line[last] != escape) return false;
  if (last > 0 && line[last - 1] == escape) return false;
  line = line.substr(0, last);
  return true;
}

// The words of a shell's line, quotes and all. Where a quote has no end there are none.
std::vector<std::string_view> shell_words(std::string_view line) {
  std::vector<std::string_view> words;
  for (std::size_t at = 0; (at = line.find_first_not_of(kBlanks, at)) != std::string_view::npos;) {
    const std::size_t first = at;
    char quote = 0;
    for (; at < line.size() && (quote != 0 || kBlanks.find(line[at]) == std::string_view::npos); ++at) {
      const char c = line[at];
      if (c == '\\' && quote != '\'') {
        ++at;
      } else if (quote != 0 ? c == quote : c == '"' || c == '\'') {
        quote = quote != 0 ? '\0' : c;
      }
    }
    if (quote != 0) return {};
    words.push_back(line.substr(first, at - first));
  }
  return words;
}

std::string unquoted(std::string_view word) {
  std::string text;
  char quote = 0;
  for (std::size_t i = 0; i < word.size(); ++i) {
    const char c = word[i];
    if (c == '\\' && quote != '\'' && i + 1 < word.size()) {
      text += word[++i];
    } else if (quote != 0 ? c == quote : c == '"' || c == '\'') {
      quote = quote != 0 ? '\0' : c;
    } else {
      text += c;
    }
  }
  return text;
}

struct HereDocument {
  std::string end;
  bool tabs = false;  // may stand before its end
};

// "<<EOF", "3<<-'E O F'": a word that begins so, and has no other "<".
std::optional<HereDocument> here_document(std::string_view word) {
  word.remove_prefix(std::min(word.find_first_not_of("0123456789"), word.size()));
  if (!word.starts_with("<<")) return std::nullopt;
  word.remove_prefix(2);
  const bool tabs = word.starts_with('-');
  if (tabs) word.remove_prefix(1);
  if (word.empty() || word.find('<') != std::string_view::npos) return std::nullopt;
  return HereDocument{unquoted(word), tabs};
}

// Of a list in JSON no word begins so: each text stands in quotes.
std::vector<HereDocument> here_documents(const Instruction& one) {
  constexpr std::string_view kWith[] = {"add", "copy", "run"};
  std::vector<HereDocument> all;
  std::string word = one.word;
  if (word == "onbuild") {
    const std::vector<std::string_view> inner = arguments_of(one.text);
    word = inner.empty() ? "" : lower(inner.front());
  }
  if (std::ranges::find(kWith, word) == std::end(kWith)) return all;
  if (one.text.find("<<") == std::string::npos) return all;
  for (const std::string_view each : shell_words(one.text)) {
    if (std::optional<HereDocument> found = here_document(each)) all.push_back(*std::move(found));
  }
  return all;
}

bool ends(const HereDocument& document, std::string_view line) {
  line = without_return(line);
  if (document.tabs) line.remove_prefix(std::min(line.find_first_not_of('\t'), line.size()));
  return line == document.end;
}

// The instruction whose first line that is. Comments and empty lines between continued ones are none of it, and do not end it.
Instruction instruction_at(const std::vector<std::string_view>& lines, std::size_t at, char escape) {
  Instruction one{.first = at, .end = at};
  bool more = true;
  for (; more && one.end < lines.size(); ++one.end) {
    std::string_view line = one.end == 0 ? without_mark(lines[0]) : lines[one.end];
    line = without_return(line);
    const std::string_view text = trim(line);
    if (one.end > at && (text.empty() || text.starts_with('#'))) continue;
    if (one.end == at) line.remove_prefix(line.find_first_not_of(kBlanks));
    more = cut_escape(line, escape);
    one.text += line;
  }
  one.word = lower(one.text.substr(0, one.text.find_first_of(kBlanks)));
  one.open = more;
  for (const HereDocument& document : here_documents(one)) {
    while (one.end < lines.size() && !ends(document, lines[one.end])) ++one.end;
    one.open |= one.end == lines.size();
    if (one.end < lines.size()) ++one.end;
  }
  return one;
}

}  // namespace

Dockerfile read_dockerfile(std::string_view text) {
  Dockerfile file{.lines = split(text, '\n')};
  file.ended = file.lines.back().empty();
  if (file.ended) file.lines.pop_back();
  if (!file.lines.empty() && file.lines.front().ends_with('\r')) file.line_end = "\r";
  const char escape = escape_of(file.lines);
  for (std::size_t at = 0; at < file.lines.size();) {
    const std::string_view line = trim(at == 0 ? without_mark(file.lines[0]) : file.lines[at]);
    if (line.empty() || line.starts_with('#')) {
      ++at;
      continue;
    }
    file.all.push_back(instruction_at(file.lines, at, escape));
    at = file.all.back().end;
  }
  return file;
}

From from_of(std::string_view line) {
  const std::string_view text = line.substr(std::min(line.find_first_not_of(kBlanks), line.size()));
  const std::vector<std::string_view> words = arguments_of(text);
  if (words.empty()) return {"", "", line.size()};
  const bool named = words.size() > 2 && lower(words[1]) == "as";
  return {words[0], named ? words[2] : "", static_cast<std::size_t>(words[0].data() - line.data())};
}

std::vector<std::string_view> arguments_of(std::string_view instruction) {
  std::vector<std::string_view> words;
  for (std::size_t at = instruction.find_first_of(kBlanks);
       (at = instruction.find_first_not_of(kBlanks, at)) != std::string_view::npos;) {
    const std::string_view word = instruction.substr(at, instruction.find_first_of(kBlanks, at) - at);
    if (!word.starts_with("--")) words.push_back(word);
    at += word.size();
  }
  return words;
}

const Instruction* last_from(const Dockerfile& file) {
  const Instruction* last = nullptr;
  for (const Instruction& one : file.all) {
    if (one.word == "from") last = &one;
  }
  return last;
}

const Instruction* stage_named(const Dockerfile& file, std::string_view name, const Instruction* before) {
  const std::optional<std::uint64_t> number = to_number(name);
  const Instruction* found = nullptr;
  std::uint64_t count = 0;
  for (const Instruction* one = file.all.data(); one != before; ++one) {
    if (one->word != "from") continue;
    const std::string_view stage = from_of(one->text).stage;
    if (number ? *number == count : !stage.empty() && equal_ignoring_case(stage, name)) found = one;
    ++count;
  }
  return found;
}

const Instruction* end_of_stage(const Dockerfile& file, const Instruction* from) {
  const Instruction* end = from + 1;
  while (end != file.all.data() + file.all.size() && end->word != "from") ++end;
  return end;
}

const Instruction* base_line(const Dockerfile& file, const Instruction* stage) {
  while (const Instruction* const below = stage_named(file, from_of(stage->text).image, stage)) stage = below;
  return stage;
}

}  // namespace peekr
