# SPDX-License-Identifier: Apache-2.0
def change(image, variant):
    image.left_out.add(1)
