// SPDX-License-Identifier: Apache-2.0
// What can be said of the options only when the whole line has been read.
#include <algorithm>
#include <filesystem>
#include <optional>
#include <system_error>

#include "base/date.h"
#include "base/text.h"
#include "base/timer.h"
#include "cli/config.h"
#include "cli/output.h"
#include "cli/place.h"
#include "cli/raw.h"
#include "cli/reports.h"
#include "cli/values.h"
#include "image/memory.h"
#include "report/reporter.h"
#include "source/source.h"
#include "source/target.h"

namespace peekr {
namespace {

Status check_format(Command command, std::string_view format) {
  const std::vector<std::string> all = formats_of(command);
  const std::string given = "--format " + printable(format);
  const Reporter* row = find_reporter(cut(format, '@').first);  // by its other name, too
  const std::string_view name = row == nullptr ? format : row->name;
  if (std::ranges::find(all, name) == all.end())
    return fail(Errc::usage, given + ": want " + join(all, " or "));
  if (row == nullptr || find_reporter(format) != nullptr) return {};
  const std::vector<std::string> versions(row->versions.begin(), row->versions.end());
  return fail(Errc::usage,
              given + (versions.empty() ? ": has no versions" : ": want version " + join(versions, " or ")));
}

// What is meant for --format, put behind --output; a file of that name is to be had as ./json.
Status check_output(const Options& options) {
  const std::string& file = options.output;
  if (file.empty() || find_reporter(cut(file, '=').first) == nullptr) return {};
  return fail(Errc::usage, "--output " + printable(file) + ": is a format: want --format " + printable(file) +
                               " (or ./" + printable(file) + ", a file)");
}

// The file that a TARGET names, with the kind of image in front or a tag behind; empty: it names none.
std::string file_of(const std::string& target) {
  const std::string_view scheme = cut(target, ':').first;
  const auto rows = all_sources();
  const auto forced = std::ranges::find(rows, scheme, &Source::scheme);
  const bool is_forced = scheme.size() < target.size() && forced != rows.end();
  if (is_forced && (*forced)->recognises == nullptr) return {};  // its images have names
  const std::string text = is_forced ? target.substr(scheme.size() + 1) : target;
  const Result<Target> split = split_target(text);
  return split ? split->path : std::string();
}

// Files that are read and that nobody wants to have written over. (A baseline may be renewed.)
std::vector<std::string> read_files(const Raw& raw) {
  const Options& options = raw.options;
  std::vector<std::string> files = {file_of(options.request.image.text),
                                    file_of(options.request.base),
                                    options.file,
                                    options.template_file,
                                    raw.policy_file,
                                    options.token_file,
                                    options.ca_file,
                                    config_file()};
  if (options.command == Command::plan) files.push_back(options.dockerfile);
  if (options.command == Command::diff)
    files.insert(files.end(), {file_of(options.before), file_of(options.after)});
  for (const std::string_view name : {"ignorefile", "vex"}) {
    if (const auto said = raw.settings.find(name); said != raw.settings.end())
      files.insert(files.end(), said->second.begin(), said->second.end());
  }
  return files;
}

// A file holds one report, and is none that is read; to a device any number may go.
Status check_places(const Raw& raw) {
  const Options& options = raw.options;
  std::vector<std::filesystem::path> read, taken;
  std::error_code error;
  for (const std::string& file : read_files(raw)) {
    if (std::filesystem::is_regular_file(file, error))
      read.push_back(std::filesystem::canonical(file, error));
  }
  const auto take = [&](const std::string& option, const std::string& file) -> Status {
    const std::string what = option + printable(file);
    TRY(check_place(what, file));
    const OutputPlace place = place_of(file);
    if (place.descriptor) return {};
    if (std::ranges::find(read, place.file) != read.end())
      return fail(Errc::usage, what + ": is what is to be read");
    if (!std::filesystem::is_other(file, error) && std::ranges::find(taken, place.file) != taken.end())
      return fail(Errc::usage, what + ": another report goes there");
    taken.push_back(place.file);
    return {};
  };
  if (!options.output.empty()) TRY(take("--output ", options.output));
  for (const Options::File& file : options.files_too) TRY(take("--format " + file.format + "=", file.path));
  return {};
}

// Any number of FORMAT=FILE, and one FORMAT for standard output or --output.
Status check_formats(Raw& raw) {
  Options& options = raw.options;
  if (options.output == "-") options.output.clear();
  TRY(check_output(options));
  std::optional<std::string> plain;
  for (const std::string& text : raw.formats) {
    const auto [format, file] = cut(text, '=');
    TRY(check_format(options.command, format));
    if (format.size() == text.size() || file == "-") {
      if (plain)
        return fail(Errc::usage,
                    "--format " + printable(text) + ": is a second one; want FORMAT=FILE for all but one");
      if (file == "-" && !options.output.empty())
        return fail(Errc::usage, "--format " + printable(text) + ": --output says another place");
      plain = format;
    } else if (file.empty() || !writes_reports(options.command)) {
      return fail(Errc::usage, "--format " + printable(text) +
                                   (file.empty() ? ": names no file" : ": want --output FILE"));
    } else {
      options.files_too.push_back({std::string(format), std::string(file)});
    }
  }
  if (plain) options.format = *plain;
  if (!plain && !options.files_too.empty()) {
    if (!options.output.empty())
      return fail(Errc::usage, "--output " + printable(options.output) + ": want a --format for it");
    options.format = "";
  }
  return {};
}

Status check_template(const Options& options) {
  const bool wanted =
      options.format == "template" ||
      std::ranges::find(options.files_too, "template", &Options::File::format) != options.files_too.end();
  if (wanted == !options.template_file.empty()) return {};
  return fail(Errc::usage,
              wanted ? "--format template: want --template FILE" : "--template: want --format template");
}

// "" or the only place there is.
Result<bool> is_from_referrers(std::string_view option, const std::string& value) {
  if (value.empty() || value == "referrers") return !value.empty();
  return fail(Errc::usage, std::string(option) + " " + printable(value) + ": want referrers");
}

// Of an option that is a SIZE.
Result<std::uint64_t> size_in(std::string_view option, const std::string& text) {
  const std::optional<std::uint64_t> size = size_of(text);
  if (size) return *size;
  return fail(Errc::usage,
              std::string(option) + " " + printable(text) + ": want a number of bytes, or with K, M, G or T");
}

Status check_memory(Raw& raw) {
  if (raw.max_memory.empty()) return {};
  const std::uint64_t bytes = TRY(size_in("--max-memory", raw.max_memory));
  if (bytes < kLeastMemory)
    return fail(Errc::usage, "--max-memory " + printable(raw.max_memory) + ": want " +
                                 std::to_string(kLeastMemory >> 20) + "M or more");
  raw.options.max_memory = bytes;
  fit_into(bytes, raw.options.request.read);
  return {};
}

// Those of an image and where it comes from.
Status check_image(Raw& raw) {
  Options& options = raw.options;
  for (const std::string& limit : raw.limits) TRY(set_limit(limit, options.request.read.limits));
  if (!raw.max_image_size.empty())
    options.request.read.limits.image_bytes = TRY(size_in("--max-image-size", raw.max_image_size));
  TRY(check_memory(raw));
  if (!raw.timeout.empty() && !time_of(raw.timeout))
    return fail(Errc::usage, "--timeout " + printable(raw.timeout) + ": want a time such as 90s, 5m or 2h");
  const bool password = !options.request.image.access.username.empty();
  if (password != options.password_stdin)
    return fail(Errc::usage, "--username and --password-stdin: want both or none");
  if (password && !options.token_file.empty())
    return fail(Errc::usage, "--registry-token: want it or --username, not both");
  return {};
}

// Of a saved report all are what is written where none is asked for.
Status check_platform(Options& options) {
  ImageRef& image = options.request.image;
  if (image.platform != "all") return {};
  image.platform.clear();
  if (options.command == Command::convert) return {};
  if (options.command != Command::scan && options.command != Command::inventory)
    return fail(Errc::usage, "--platform all: want one, as os/arch; peekr scan and peekr inventory take all");
  if (!options.request.explain.empty())
    return fail(Errc::usage, "--platform all: want one, as os/arch, for --explain");
  image.all_platforms = true;
  return check_formats_of_platforms(options);
}

// Of any other scheme, "ftp://h", it would be a folder that is not there.
Status check_mirror(const std::string& mirror) {
  const std::string_view scheme = std::string_view(mirror).substr(0, mirror.find("://"));
  if (scheme.size() == mirror.size() || scheme == "https" || scheme == "http") return {};
  return fail(Errc::usage,
              "--mirror " + printable(mirror) + ": want an https:// or http:// URL, or a folder");
}

}  // namespace

bool writes_reports(Command command) {
  return command == Command::scan || command == Command::inventory || command == Command::convert;
}

std::vector<std::string> formats_of(Command command) {
  if (command == Command::plan) return {"json", "table", "dockerfile-patch"};
  if (!writes_reports(command)) return {"json", "table"};
  std::vector<std::string> names;
  for (const Reporter* row : all_reporters()) {
    if (command != Command::inventory || row->inventory != nullptr) names.emplace_back(row->name);
  }
  return names;
}

Status check(Raw& raw) {
  Options& options = raw.options;
  TRY(check_formats(raw));
  TRY(check_places(raw));
  TRY(check_template(options));
  options.request.image.access.offline = options.offline;
  TRY(set_policy(raw.settings, options.request.policy));
  if (!raw.max_db_age.empty()) options.max_db_age = TRY(seconds_in(raw.max_db_age));
  if (!raw.sort.empty()) {
    options.sort = sort_named(raw.sort);
    if (!options.sort)
      return fail(Errc::usage, "--sort " + printable(raw.sort) + ": want " + join(sort_names(), " or "));
  }
  if (options.command == Command::scan && !options.request.explain.empty() &&
      (options.format != "table" || !options.files_too.empty()))
    return fail(Errc::usage, "--explain: is text for people, and takes no other --format");
  if (raw.verify != "blobs" && raw.verify != "full") {
    return fail(Errc::usage, "--verify " + printable(raw.verify) + ": want blobs or full");
  }
  if (!raw.package_types.empty()) options.request.types = TRY(package_types_named(raw.package_types));
  options.request.sbom_from_referrers = TRY(is_from_referrers("--sbom-from", raw.sbom_from));
  options.request.vex_from_referrers = TRY(is_from_referrers("--vex-from", raw.vex_from));
  options.request.read.verify = raw.verify == "full" ? Verify::full : Verify::blobs;
  if (options.request.read.partial && raw.verify == "full")
    return fail(Errc::usage, "--partial: want it or --verify full, which reads all of a layer");
  if (options.command == Command::db_search && options.id.empty() == options.package.empty()) {
    return fail(Errc::usage, "db search: want one of ID and --package NAME");
  }
  if (!raw.cache_size.empty()) {
    options.cache_size = TRY(size_in("--size", raw.cache_size));
  }
  TRY(check_image(raw));
  TRY(check_mirror(options.mirror));
  TRY(check_platform(options));
  if (!options.as_of.empty()) {
    const std::string time = end_of(options.as_of);
    if (time.empty())
      return fail(Errc::usage, "--as-of " + printable(options.as_of) +
                                   ": want a day (2026-11-23) or a time in UTC (2026-11-23T12:00:00Z)");
    // (diff may ask on which day rules of the user end)
    if (options.command != Command::diff && time.substr(0, 10) > now().substr(0, 10))
      return fail(Errc::usage, "--as-of " + printable(options.as_of) +
                                   ": is to come, and nobody knows what the database will say then");
    options.as_of = time;
  }
  if (options.insecure_unsigned && !options.trusted.empty())
    return fail(Errc::usage, "db import: want one of --trust and --insecure-unsigned");
  if (options.timing) Timer::enable();
  return {};
}

}  // namespace peekr
