// SPDX-License-Identifier: Apache-2.0
// Archive: the table of contents of an image archive: name -> place of its body in the tar. Only headers are
// read; the bodies are left where they are, in the file. An archive that is compressed as a whole cannot be
// read in place: it is unpacked into memory, up to Limits::archive_bytes; of a larger one each member is unpacked
// anew when it is read, with all that stands before it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "model/limits.h"
#include "source/store.h"

namespace peekr {

struct ArchiveBytes;  // archive_bytes.h

class Archive {
 public:
  // Errors name the path. Errc::damaged: the file is no tar archive.
  static Result<Archive> open(const std::string& path, const Limits& limits);

  [[nodiscard]] bool has(std::string_view name) const { return find(name).has_value(); }
  // The archive as a Store. It shares the open file, and may outlive the Archive.
  [[nodiscard]] Store store() const;
  // Of the archive itself: data behind its end, no end, two files of the same name.
  [[nodiscard]] const std::vector<Note>& notes() const { return notes_; }

 private:
  struct Member {
    std::uint64_t offset = 0, size = 0;
    std::string link;  // not empty: what stands here is what stands there
    // Its own bytes, where those of the archive would have to be unpacked for them.
    std::shared_ptr<const ArchiveBytes> kept;
    std::string head;  // else its first ones
  };
  [[nodiscard]] std::optional<Member> find(std::string_view name) const;
  Status add(const std::string& name, Member member);
  Status index(const Limits& limits);

  std::shared_ptr<const ArchiveBytes> bytes_;
  std::shared_ptr<std::map<std::string, Member, std::less<>>> members_;
  std::vector<Note> notes_;
};

// Whether the file at that path is an archive (perhaps compressed) that holds a file of that name. Reads
// headers only and keeps nothing. Errc::limit: it was not seen within the limits.
Result<bool> archive_holds(const std::string& path, std::string_view name, const Limits& limits);
// Whether it is a tar archive (perhaps compressed) of a root file system: a folder of one is among what stands first.
Result<bool> is_packed_root(const std::string& path, const Limits& limits);
// What people pack archives with, and nobody images, is an error that says so.
Status check_packing(const std::string& path);

}  // namespace peekr
