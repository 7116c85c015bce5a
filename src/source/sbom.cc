// SPDX-License-Identifier: Apache-2.0
// An SBOM in a file, or on standard input ("-"). Its format is found out when it is catalogued (catalog/document.h).
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>

#include "base/file.h"
#include "base/text.h"
#include "model/limits.h"
#include "source/source.h"

namespace peekr {
namespace {

Result<std::string> read_input(std::uint64_t most) {
  std::string bytes;
  std::array<char, 65536> buffer;
  while (true) {
    const ssize_t count = ::read(STDIN_FILENO, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return fail(Errc::io, "standard input cannot be read");
    if (count == 0) return bytes;
    bytes.append(buffer.data(), static_cast<std::size_t>(count));
    if (bytes.size() > most)
      return fail(Errc::limit,
                  "standard input: more than " + std::to_string(most) + " bytes (limit file_bytes)");
  }
}

// In front of the first tag: "## Document Information".
std::string_view after_comments(std::string_view text) {
  while (text.starts_with('#')) {
    next_line(text);
    text = trim(text);
  }
  return text;
}

// The first bytes of a file, and the last ones: in any order of keys those of a whole may stand behind all that it lists.
struct Ends {
  std::string first, last;
};

Ends ends_of(const std::string& path) {
  const auto take = [](std::ifstream& in) {
    std::string bytes(kSbomHead, '\0');
    in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    bytes.resize(static_cast<std::size_t>(std::max<std::streamsize>(in.gcount(), 0)));
    return bytes;
  };
  std::ifstream in(path, std::ios::binary);
  Ends ends{.first = take(in)};
  if (ends.first.size() < kSbomHead || !in.seekg(0, std::ios::end)) return ends;
  const std::streamoff size = in.tellg();
  in.seekg(std::max<std::streamoff>(size - static_cast<std::streamoff>(kSbomHead), kSbomHead));
  ends.last = take(in);
  return ends;
}

Result<bool> recognises(const std::string& path, const Limits& /*limits*/) {
  const Ends ends = ends_of(path);
  const std::string_view head = without_mark(trim(ends.first));
  if (after_comments(head).starts_with("SPDXVersion:")) return true;
  const auto has = [&](std::string_view key) { return head.find(key) != std::string_view::npos; };
  if (head.starts_with('<')) return has("cyclonedx.org/schema/bom/");
  // The last ones are of attestations.
  constexpr std::string_view kKeys[] = {"\"bomFormat\"",    "\"spdxVersion\"",   "spdx.org/rdf/3.",
                                        "\"artifacts\"",    "\"payloadType\"",   "\"payload\"",
                                        "\"dsseEnvelope\"", "\"predicateType\"", "vnd.dev.sigstore.bundle"};
  const auto ends_with = [&](std::string_view key) { return ends.last.contains(key); };
  return head.starts_with('{') && (std::ranges::any_of(kKeys, has) || std::ranges::any_of(kKeys, ends_with));
}

Result<Image> open(const ImageRef& ref, const Limits& limits) {
  Image image;
  image.info.kind = "sbom";
  image.document =
      TRY(ref.text == "-" ? read_input(limits.file_bytes) : read_file(ref.text, limits.file_bytes));
  return image;
}

}  // namespace

namespace sources {
extern const Source sbom = {
    .scheme = "sbom",
    .about = "an SBOM (CycloneDX, SPDX, Syft JSON; also in an attestation); - is standard input",
    .recognises = recognises,
    .open = open,
};
}  // namespace sources

}  // namespace peekr
