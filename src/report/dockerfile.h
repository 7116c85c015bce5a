// SPDX-License-Identifier: Apache-2.0
// A Dockerfile as BuildKit reads it (docs.docker.com/reference/dockerfile): instructions, each over so many lines, and stages. What a
// patch of it has to know.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace peekr {

// One instruction, from its first line to behind its last: continued lines and here-documents are in it.
struct Instruction {
  std::string word;  // in lower case
  std::string text;  // the instruction with its continued lines, without the here-documents
  std::size_t first = 0, end = 0;
  bool open = false;  // the file ends where it goes on: what stood behind it would be of it
};

struct Dockerfile {
  std::vector<std::string_view> lines;  // as they are, but for the "\n"
  bool ended = true;                    // the last one has that
  std::string_view line_end;            // in front of it: "\r", as the first line has it, or nothing
  std::vector<Instruction> all;
};
[[nodiscard]] Dockerfile read_dockerfile(std::string_view text);  // which outlives it

// "FROM --platform=linux/amd64 debian:12 AS build"
struct From {
  std::string_view image, stage;
  std::size_t at = 0;  // where the image stands in the line
};
[[nodiscard]] From from_of(std::string_view line);

// Words between blanks, without options.
[[nodiscard]] std::vector<std::string_view> arguments_of(std::string_view instruction);
// The last FROM; null: there is none.
[[nodiscard]] const Instruction* last_from(const Dockerfile& file);
// The FROM of the stage of that name, or number, in front of `before`; null: there is none.
[[nodiscard]] const Instruction* stage_named(const Dockerfile& file, std::string_view name,
                                             const Instruction* before);
// Behind the last instruction of the stage that begins there.
[[nodiscard]] const Instruction* end_of_stage(const Dockerfile& file, const Instruction* from);
// The FROM that names the image below a stage, through the stages that it is built on.
[[nodiscard]] const Instruction* base_line(const Dockerfile& file, const Instruction* stage);

}  // namespace peekr
