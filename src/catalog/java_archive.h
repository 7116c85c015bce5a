// SPDX-License-Identifier: Apache-2.0
// Which files are Java archives: surely, by their names and first bytes; or perhaps, as any zip file.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>

#include "catalog/cataloger.h"

namespace peekr {

// The name of a zip's first member, behind the upper byte of the length of its extra field: what the jar tool, Maven and Spring Boot
// write first, and the scripts that Spring Boot and others put in front; then the usual packages, which others may begin with, too. Not
// every zip: those of documents, Python's and of learned weights (up to many gigabytes) are none of Java.
inline constexpr std::size_t kFirstName = 29;
inline constexpr auto kJavaMagics = std::to_array<Magic>({{std::string_view("\0META-INF/", 10), kFirstName},
                                                          {std::string_view("\0WEB-INF/", 9), kFirstName},
                                                          {std::string_view("\0BOOT-INF/", 10), kFirstName},
                                                          {"#!/bin/sh\nexec java "},
                                                          {"#!/bin/sh\n\nexec java "},
                                                          {"#!/bin/bash\n#\n#    .   ____"},
                                                          {std::string_view("\0classes/", 9), kFirstName},
                                                          {std::string_view("\0com/", 5), kFirstName},
                                                          {std::string_view("\0io/", 4), kFirstName},
                                                          {std::string_view("\0lib/", 5), kFirstName},
                                                          {std::string_view("\0net/", 5), kFirstName},
                                                          {std::string_view("\0org/", 5), kFirstName}});
inline constexpr std::size_t kSureJavaMagics = 6;  // of these

[[nodiscard]] bool is_archive(std::string_view name);
[[nodiscard]] bool is_zip(std::string_view name);
// By its name or its first bytes. Any other zip only may be one: where nothing of Java is seen in it, nothing of it is missing.
[[nodiscard]] bool is_surely_archive(std::string_view name, std::string_view bytes);
// Whether a member tells that the zip that it is in is one.
[[nodiscard]] bool is_of_java(std::string_view member);

}  // namespace peekr
