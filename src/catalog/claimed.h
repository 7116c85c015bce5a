// SPDX-License-Identifier: Apache-2.0
// What documents in an image say of it: SBOMs, and lists of what a snap was built of. Nobody saw these packages there.
#pragma once

#include "image/tree.h"
#include "model/package.h"

namespace peekr {

// Takes out of what is claimed
//   - what was found, too;
//   - of a distribution's packages those that its database does not have, which knows better, and those of another
//     distribution than the image's; packages whose files are not in the image: the document is about something else. A Note
//     says how many. What a Python package says that it brought along is there, whatever it was made on.
// To be called before there are owners.
void settle_claimed(const Tree& tree, Inventory& all);

}  // namespace peekr
