// SPDX-License-Identifier: Apache-2.0
#include "catalog/java_identity.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "catalog/java_group.h"

namespace peekr {
namespace {

// Whether a version begins here: a digit; "build212", "r06", "rc4".
bool starts_version(std::string_view text) {
  if (text.empty()) return false;
  if (is_digit(text.front())) return true;
  for (const std::string_view word : {"build", "rc", "r"}) {
    if (!text.starts_with(word)) continue;
    std::size_t at = word.size();
    while (at < text.size() && is_digit(text[at])) ++at;
    if (at > word.size() && (at == text.size() || !is_alpha(text[at]))) return true;
  }
  return false;
}

// One word, as an identifier or a version is.
bool is_word(std::string_view text) {
  return !text.empty() &&
         std::ranges::none_of(text, [](char c) { return is_space(c) || c == '/' || c == ':'; });
}

std::string_view first_word(std::string_view text) { return text.substr(0, text.find_first_of(" \t")); }

// "org.apache.ivy" -> "ivy".
std::string_view last_label(std::string_view text) { return text.substr(text.rfind('.') + 1); }

// "lib/app-1.0.jar" -> "app-1.0".
std::string_view stem(std::string_view file_name) {
  const std::string_view name = file_name.substr(file_name.rfind('/') + 1);
  return name.substr(0, name.rfind('.'));
}

// "app", "app-1.0" of "app".
bool is_name_of(std::string_view file, std::string_view name) {
  if (!file.starts_with(name)) return false;
  const std::string_view rest = file.substr(name.size());
  return rest.empty() || (rest.front() == '-' && starts_version(rest.substr(1)));
}

}  // namespace

bool is_file_of(const Artifact& artifact, std::string_view file_name) {
  std::string file(stem(file_name)), name = artifact.name, full = artifact.group + "." + name;
  for (std::string* text : {&file, &name, &full}) std::ranges::replace(*text, '_', '-');
  return !name.empty() && (is_name_of(file, name) || is_name_of(file, full));
}

Artifact artifact_of_name(std::string_view file_name) {
  const std::string_view name = stem(file_name);
  for (const char separator : {'-', '_'}) {
    for (std::size_t at = name.find(separator); at != std::string_view::npos;
         at = name.find(separator, at + 1)) {
      if (at > 0 && starts_version(name.substr(at + 1))) {
        return {"", std::string(name.substr(0, at)), std::string(name.substr(at + 1))};
      }
    }
  }
  return {"", std::string(name), ""};
}

Artifact artifact_of_properties(std::string_view text) {
  Artifact out;
  while (!text.empty()) {
    const std::string_view line = trim(next_line(text));
    const std::size_t at = line.find_first_of("=:");
    if (line.starts_with('#') || at == std::string_view::npos) continue;
    const std::string_view key = trim(line.substr(0, at)), value = trim(line.substr(at + 1));
    if (!is_word(value) || value.find("${") != std::string_view::npos) continue;
    if (key == "groupId") out.group = value;
    if (key == "artifactId") out.name = value;
    if (key == "version") out.version = value;
  }
  return out;
}

bool same_release(std::string_view a, std::string_view b) {
  const auto begins_with_number_of = [](std::string_view text, std::string_view other) {
    std::string_view number = other.substr(0, other.find_first_not_of("0123456789."));
    number = number.substr(0, number.find_last_not_of('.') + 1);
    if (number.empty() || !text.starts_with(number)) return false;
    return text.size() == number.size() || !is_digit(text[number.size()]);
  };
  return a == b || begins_with_number_of(a, b) || begins_with_number_of(b, a);
}

// Lines end with CR LF, LF or CR; one that begins with a blank goes on with the line before.
JarManifest::JarManifest(std::string_view text) {
  std::string* last = nullptr;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of("\r\n"), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(text.size(), end + (text.substr(end).starts_with("\r\n") ? 2 : 1)));
    if (line.empty()) {
      if (!values_.empty()) break;  // the end of the main section
    } else if (line.front() == ' ') {
      if (last != nullptr) *last += line.substr(1);
    } else {
      const auto [key, value] = cut(line, ':');
      last = &values_[lower(trim(key))];
      *last = trim(value);
    }
  }
  std::erase_if(values_, [](const auto& one) {
    return one.second.starts_with('%') || one.second.starts_with('$') ||
           one.second.find("${") != std::string::npos;
  });
}

std::string_view JarManifest::value(std::string_view key) const {
  const auto found = values_.find(lower(key));
  return found == values_.end() ? std::string_view() : std::string_view(found->second);
}

Artifact artifact_of_manifest(const JarManifest& manifest, const Artifact& file) {
  const auto first_of = [&](std::initializer_list<std::string_view> keys, auto good) {
    for (const std::string_view key : keys) {
      const std::string_view value = cut(manifest.value(key), ';').first;
      if (good(value)) return std::string(value);
    }
    return std::string();
  };
  const auto domain = [](std::string_view text) {
    return is_word(text) && text.find('.') != std::string_view::npos;
  };
  // A bundle's version has its qualifier mangled ("31.1.0.jre"): the last choice.
  std::string version;
  for (const std::string_view key :
       {"Plugin-Version", "Implementation-Version", "Specification-Version", "Bundle-Version"}) {
    if (version.empty()) version = first_word(manifest.value(key));
  }
  Artifact out = file;
  if (!out.version.empty()) out.group = group_before(out.name, manifest);
  if (!out.group.empty()) {
    out.name.erase(0, out.group.size() + 1);
    return out;
  }
  // Debian's links: "spring3-core-3.x.jar" is whatever it leads to.
  const bool is_series = out.version.ends_with(".x") && !version.empty();
  if (out.version.empty() || is_series) {
    out.version = std::move(version);
    const std::string name = first_of({"Short-Name", "Name", "Implementation-Title", "Specification-Title",
                                       "Bundle-Name", "Extension-Name"},
                                      is_word);
    if (!name.empty()) out.name = name;
    if (name.empty() && is_word(manifest.value("Bundle-SymbolicName"))) {
      out.name = last_label(cut(manifest.value("Bundle-SymbolicName"), ';').first);
    }
  }
  out.group = known_group(out.name);
  if (out.group.empty()) {
    out.group = first_of({"Group-Id", "Bundle-SymbolicName", "Extension-Name", "Implementation-Vendor-Id",
                          "Implementation-Vendor", "Specification-Vendor"},
                         domain);
  }
  // Nobody names one: in Maven's early years a group was called like its artifact (commons-io, junit, dom4j).
  if (out.group.empty() && !out.version.empty()) out.group = out.name;
  return out;
}

}  // namespace peekr
