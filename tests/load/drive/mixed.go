package drive

import "slices"

// Mixed is what people do on a common day: for each sign-in nine refreshes, and three looks at who one is for each.
var Mixed = slices.Concat([]Op{Login}, slices.Repeat([]Op{Refresh, Me, Me, Me}, 9))
