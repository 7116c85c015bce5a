// SPDX-License-Identifier: Apache-2.0
// The words of a text in a language of braces and quotes, as package descriptions are written in: Lua, Erlang, Prolog, opam,
// HCL, Elixir. One pass, nothing is evaluated.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "catalog/stanza.h"

namespace peekr {

struct ScriptToken {
  enum class Kind : unsigned char { word, quoted, mark };
  Kind kind{};
  std::string text;  // of a quoted one what is inside; a mark is one byte

  [[nodiscard]] bool is(std::string_view word) const { return kind != Kind::quoted && text == word; }
};

// What sets these languages apart.
struct Script {
  std::string_view comment;         // up to the end of the line: "--", "%", "#"
  std::string_view quotes = "\"'";  // each opens and closes a text; a backslash keeps the next byte
  std::string_view long_open = {};  // of a text that goes on over lines: "[[", "\"\"\""
  std::string_view long_close = {};
  std::string_view word = "_";  // what words have beside letters and digits
};

// At most a million of them: more is in no such file, and a Note.
[[nodiscard]] std::vector<ScriptToken> tokens(std::string_view bytes, const Script& script, FileNotes& notes);

}  // namespace peekr
