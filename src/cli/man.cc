// SPDX-License-Identifier: Apache-2.0
// The manual: a page for all commands, and one for each (man(7); groff_man(7) has the macros).
#include <algorithm>
#include <cassert>
#include <iterator>

#include "base/text.h"
#include "cli/grammar.h"

namespace peekr {
namespace {

// As roff would print it: no escapes, no dashes that become hyphens, no line that is a macro.
std::string roff(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else if ((c == '.' || c == '\'') && (out.empty() || out.back() == '\n')) {
      out += "\\&";
      out += c;
    } else {
      out += c;
    }
  }
  return out;
}

void add_option(const Grammar::Option& option, std::string& out) {
  out += ".TP\n";
  std::string names;
  for (const std::string& name : option.names)
    names += (names.empty() ? "\\fB" : ", \\fB") + roff(name) + "\\fR";
  if (!option.value.empty()) names += " \\fI" + roff(option.value) + "\\fR";
  out += names + "\n" + (option.about.empty() ? "\\&" : roff(option.about)) + "\n";
}

void add_command(const Grammar& command, const std::string& above, std::string& out) {
  const std::string words = above + " " + command.name;
  if (command.commands.empty()) {
    std::string line = words + (command.options.empty() ? "" : " [OPTIONS]");
    for (const Grammar::Option& one : command.arguments) line += " " + one.names.front();
    out += ".SS " + roff(line) + "\n" + roff(command.about) + ".\n";
    for (const Grammar::Option& one : command.arguments) {
      if (!one.about.empty()) add_option(one, out);
    }
    for (const Grammar::Option& one : command.options) add_option(one, out);
    if (!command.notes.empty()) out += ".PP\n.nf\n" + roff(command.notes) + "\n.fi\n";
  }
  for (const Grammar& one : command.commands) add_command(one, words, out);
}

std::string introduction(const Grammar& program) {
  return ".SH NAME\npeekr \\- finds the known vulnerabilities of container images\n"
         ".SH SYNOPSIS\n.B peekr\n.I COMMAND\n[\\fIOPTIONS\\fR] [\\fIARGUMENTS\\fR]\n"
         ".SH DESCRIPTION\n" +
         roff(program.about) + "\n.PP\n.nf\n" + roff(program.notes) + "\n.fi\n";
}

}  // namespace

std::string man_page(const Grammar& program, std::span<const std::string> names, std::string_view version) {
  const Grammar* at = &program;
  std::string words, title = "PEEKR";
  for (const std::string& name : names) {
    const auto found = std::ranges::find(at->commands, name, &Grammar::name);
    assert(found != at->commands.end());
    words += (words.empty() ? "" : " ") + at->name;
    at = &*found;
    title += "-";
    std::ranges::transform(name, std::back_inserter(title), [](char c) {
      return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
  }
  std::string out = ".TH " + title + " 1 \"\" \"peekr " + std::string(version) + "\" \"User Commands\"\n";
  std::string commands;
  if (at == &program) {
    out += introduction(program);
    for (const Grammar& one : program.commands) add_command(one, program.name, commands);
  } else {
    out += ".SH NAME\n" + lower(title) + " \\- " + roff(at->about) + "\n";
    add_command(*at, words, commands);
  }
  out += ".SH COMMANDS\n" + commands +
         ".SH EXIT STATUS\nEach command says it above. Whatever could not be done is 1, with a message on "
         "standard error.\n";
  return at == &program ? out : out + ".SH SEE ALSO\n.BR peekr (1)\n";
}

}  // namespace peekr
