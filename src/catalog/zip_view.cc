// SPDX-License-Identifier: Apache-2.0
#include "catalog/zip_view.h"

#include <optional>

#include "base/cursor.h"
#include "catalog/packed.h"

namespace peekr {

Result<ZipView> ZipView::open(std::string_view bytes) {
  const std::optional<ZipDirectory> directory = find_zip_directory(bytes, bytes.size());
  if (!directory) return fail(Errc::damaged, "not a zip file, or cut short");
  ZipView view;
  view.bytes_ = bytes.substr(directory->shift);
  view.directory_ = *directory;
  Cursor in(bytes.substr(directory->start, directory->size));
  while (!in.at_end()) {
    const std::optional<Member> member = next_zip_entry(in);
    if (!member) return fail(Errc::damaged, "its directory cannot be followed");
    view.members_.push_back(*member);
  }
  return view;
}

Result<std::string> ZipView::read(const Member& member, std::uint64_t most, Allowance& allowance) const {
  if ((member.flags & 1u) != 0) return fail(Errc::unsupported, "encrypted");
  Cursor in(bytes_);
  in.seek(member.place);
  in.skip(TRY(zip_local_size(bytes_.substr(in.position()))));
  const std::string_view packed = in.take(member.packed);
  if (!in.ok()) return fail(Errc::damaged, "cut short");
  if (member.method == 8) return inflated_within({packed, Wrapping::bare, member.unpacked}, most, allowance);
  if (member.method != 0)
    return fail(Errc::unsupported, "compression method " + std::to_string(member.method));
  if (packed.size() > most) return fail(Errc::limit, "more than " + std::to_string(most) + " bytes");
  if (packed.size() > allowance.left()) return over(allowance);
  allowance.spend(packed.size());
  return std::string(packed);
}

}  // namespace peekr
