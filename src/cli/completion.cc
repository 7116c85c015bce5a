// SPDX-License-Identifier: Apache-2.0
// Completions: a script for each shell, written out of the grammar. What they share: the words of the line so far that are
// commands are the path ("peekr db build"); the path says which options and which commands come next.
#include <algorithm>
#include <functional>

#include "base/text.h"
#include "cli/grammar.h"

namespace peekr {
namespace {

// Calls use(path, command) for the program and each command below it.
using UseCommand = std::function<void(const std::string& path, const Grammar& command)>;
void each_command(const Grammar& at, const std::string& above, const UseCommand& use) {
  const std::string path = above.empty() ? at.name : above + " " + at.name;
  use(path, at);
  for (const Grammar& one : at.commands) each_command(one, path, use);
}

bool is_folder(const Grammar::Option& option) { return option.value == "DIR"; }
bool is_path(const Grammar::Option& option) {
  constexpr std::string_view kPaths[] = {"FILE",   "DIR",   "BASE", "FROM", "TARGET",
                                         "REPORT", "IMAGE", "A",    "B"};
  const std::string& what = option.value.empty() ? option.names.front() : option.value;
  return std::ranges::find(kPaths, what) != std::end(kPaths);
}

std::vector<std::string> words_of(const Grammar& command) {
  std::vector<std::string> words;
  for (const Grammar& one : command.commands) words.push_back(one.name);
  for (const Grammar::Option& one : command.options)
    words.insert(words.end(), one.names.begin(), one.names.end());
  for (const Grammar::Option& one : command.arguments)
    words.insert(words.end(), one.values.begin(), one.values.end());
  return words;
}

// In single quotes, for any shell; fish knows \' in them, sh does not.
std::string in_quotes(std::string_view text, std::string_view quote) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string(quote) : std::string(1, c);
  return out + "'";
}

// A case of bash for each option of the path that has a value.
std::string bash_values(const std::string& path, const Grammar& command) {
  std::string out;
  for (const Grammar::Option& one : command.options) {
    if (one.value.empty()) continue;
    std::string names;
    for (const std::string& name : one.names)
      names += (names.empty() ? "\"" : "|\"") + path + " " + name + "\"";
    const std::string from = !one.values.empty() ? "-W \"" + join(one.values, " ") + "\""
                             : is_folder(one)    ? "-d"
                             : is_path(one)      ? "-f"
                                                 : "-W ''";
    out += "    " + names + ") COMPREPLY=($(compgen " + from + " -- \"$cur\")); return ;;\n";
  }
  return out;
}

std::string bash(const Grammar& program) {
  std::string commands, values, words;
  each_command(program, "", [&](const std::string& path, const Grammar& command) {
    if (path != program.name) commands += (commands.empty() ? "\"" : "|\"") + path + "\"";
    values += bash_values(path, command);
    const bool files = std::ranges::any_of(command.arguments, is_path);
    words += "    \"" + path + "\") words=\"" + join(words_of(command), " ") + "\"" +
             (files ? "; files=1" : "") + " ;;\n";
  });
  return "# bash completion of peekr: source <(peekr completion bash)\n"
         "_peekr() {\n"
         "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} path=peekr words files= i\n"
         "  COMPREPLY=()\n"
         "  for ((i = 1; i < COMP_CWORD; i++)); do\n"
         "    case \"$path ${COMP_WORDS[i]}\" in\n"
         "      " +
         commands +
         ") path=\"$path ${COMP_WORDS[i]}\" ;;\n"
         "    esac\n"
         "  done\n"
         "  case \"$path $prev\" in\n" +
         values +
         "  esac\n"
         "  case \"$path\" in\n" +
         words +
         "  esac\n"
         "  COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
         "  if [[ -n $files && $cur != -* ]]; then COMPREPLY=($(compgen -f -- \"$cur\")); fi\n"
         "}\n"
         "complete -o filenames -F _peekr peekr\n";
}

// What zsh's _arguments takes for one option or argument: '(-f --format)'{-f,--format}'[about]:FORMAT:(json table)'.
// place: "2" is the second argument, "*" all that there are; empty: it is an option.
std::string zsh_spec(const Grammar::Option& one, const std::string& place) {
  std::string about;
  for (const char c : one.about)
    about += c == '[' || c == ']' || c == ':' ? std::string("\\") + c : std::string(1, c);
  const std::string action = !one.values.empty() ? "(" + join(one.values, " ") + ")"
                             : is_folder(one)    ? "_files -/"
                             : is_path(one)      ? "_files"
                                                 : " ";
  const auto quoted_text = [](const std::string& text) { return in_quotes(text, "'\\''"); };
  if (!place.empty()) return quoted_text(place + ":" + one.names.front() + ":" + action);
  const std::string rest = "[" + about + "]" + (one.value.empty() ? "" : ":" + one.value + ":" + action);
  if (one.names.size() == 1) return quoted_text("*" + one.names.front() + rest);
  return "'*'{" + join(one.names, ",") + "}" + quoted_text(rest);
}

std::string zsh_function(const std::string& path) {
  std::string name = "_" + path;
  std::ranges::replace(name, ' ', '_');
  return name;
}

std::string zsh(const Grammar& program) {
  std::string out =
      "#compdef peekr\n# zsh completion of peekr: peekr completion zsh > \"${fpath[1]}/_peekr\"\n";
  each_command(program, "", [&](const std::string& path, const Grammar& command) {
    out += zsh_function(path) + "() {\n";
    std::string specs;
    for (const Grammar::Option& one : command.options) specs += " \\\n    " + zsh_spec(one, "");
    if (command.commands.empty()) {
      const std::vector<Grammar::Option>& all = command.arguments;
      for (std::size_t i = 0; i < all.size(); ++i)
        specs += " \\\n    " + zsh_spec(all[i], all.size() == 1 ? "*" : std::to_string(i + 1));
      out += "  _arguments -s" + specs + "\n}\n";
      return;
    }
    out += "  local line state\n  _arguments -C" + specs + " \\\n    '1: :->command' '*:: :->rest'\n";
    out += "  case $state in\n    command)\n      local -a commands=(\n";
    for (const Grammar& one : command.commands)
      out += "        " + in_quotes(one.name + ":" + one.about, "'\\''") + "\n";
    out += "      )\n      _describe command commands ;;\n    rest)\n      case $line[1] in\n";
    for (const Grammar& one : command.commands)
      out += "        " + one.name + ") " + zsh_function(path + " " + one.name) + " ;;\n";
    out += "      esac ;;\n  esac\n}\n";
  });
  return out + "if [[ $funcstack[1] == _peekr ]]; then _peekr \"$@\"; else compdef _peekr peekr; fi\n";
}

std::string fish(const Grammar& program) {
  const auto quoted_text = [](const std::string& text) {
    std::string escaped = text;
    for (std::size_t at = 0; (at = escaped.find('\\', at)) != std::string::npos; at += 2)
      escaped.insert(at, "\\");
    return in_quotes(escaped, "\\'");
  };
  std::string commands, lines;
  each_command(program, "", [&](const std::string& path, const Grammar& command) {
    if (path != program.name) commands += " " + quoted_text(path);
    const std::string start = "complete -c peekr -n 'test (__peekr_path) = \"" + path + "\"'";
    for (const Grammar& one : command.commands)
      lines += start + " -f -a " + one.name + " -d " + quoted_text(one.about) + "\n";
    for (const Grammar::Option& one : command.options) {
      lines += start;
      for (const std::string& name : one.names)
        lines += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
      if (!one.values.empty()) lines += " -x -a " + quoted_text(join(one.values, " "));
      if (one.values.empty() && !one.value.empty())
        lines += is_folder(one) ? " -x -a '(__fish_complete_directories)'" : is_path(one) ? " -r -F" : " -x";
      lines += " -d " + quoted_text(one.about) + "\n";
    }
    if (command.commands.empty() && std::ranges::none_of(command.arguments, is_path)) {
      std::vector<std::string> values;
      for (const Grammar::Option& one : command.arguments)
        values.insert(values.end(), one.values.begin(), one.values.end());
      lines += start + " -f" + (values.empty() ? "" : " -a " + quoted_text(join(values, " "))) + "\n";
    }
  });
  return "# fish completion of peekr: peekr completion fish | source\n"
         "function __peekr_path\n"
         "  set -l path peekr\n"
         "  for word in (commandline -opc)[2..-1]\n"
         "    if contains -- \"$path $word\"" +
         commands +
         "\n"
         "      set path \"$path $word\"\n"
         "    end\n"
         "  end\n"
         "  echo $path\n"
         "end\n" +
         lines;
}

}  // namespace

Result<std::string> completion_script(const Grammar& program, std::string_view shell) {
  if (shell == "bash") return bash(program);
  if (shell == "zsh") return zsh(program);
  if (shell == "fish") return fish(program);
  return fail(Errc::usage, "completion " + printable(shell) + ": want bash, zsh or fish");
}

}  // namespace peekr
