package mutants

import (
	"context"
	"reflect"
	"slices"
	"time"

	"golang.org/x/text/unicode/norm"

	"github.com/latchkey-auth/latchkey/domain"
	"github.com/latchkey-auth/latchkey/ports"
)

func usersMutants() []mutant[openUsers] {
	return slices.Concat(usersFieldMutants(), usersValueMutants(), usersCreateMutants(), usersReadMutants(),
		usersUpdateMutants(), usersNameMutants(), usersDeleteMutants(), usersContextMutants(), usersRaceMutants(), usersLinearMutants())
}

// usersFieldMutants lose each field there is, on the way out and in an Update.
func usersFieldMutants() (all []mutant[openUsers]) {
	fields := reflect.TypeFor[domain.User]()
	for i := range fields.NumField() {
		name := fields.Field(i).Name
		lose := func(u *domain.User) { reflect.ValueOf(u).Elem().Field(i).SetZero() }
		all = append(all, by("Create/KeepsEveryField", "loses "+name, answering(lose)))
		if name == "ID" || name == "CreatedAt" || name == "Version" {
			continue // for Update changes none of them as it is told to
		}
		forget := func(ctx context.Context, whole ports.UserRepository, u domain.User) error {
			if stored, err := whole.ByID(ctx, u.ID); err == nil {
				reflect.ValueOf(&u).Elem().Field(i).Set(reflect.ValueOf(stored).Field(i))
			}
			return whole.Update(ctx, u)
		}
		all = append(all, by("Update/StoresEveryFieldAndTheNextVersion", "Update forgets "+name, updating(forget)))
	}
	return all
}

// eachText changes every text of a user that is none of the names.
func eachText(change func(string) string) func(u *domain.User) {
	return func(u *domain.User) {
		u.Fullname, u.Avatar, u.CoverImage = change(u.Fullname), change(u.Avatar), change(u.CoverImage)
		u.PasswordHash = domain.NewSecret(change(u.PasswordHash.Reveal()))
	}
}

// eachTime changes every time of a user.
func eachTime(change func(time.Time) time.Time) func(u *domain.User) {
	return func(u *domain.User) { u.CreatedAt, u.UpdatedAt = change(u.CreatedAt), change(u.UpdatedAt) }
}

func usersValueMutants() []mutant[openUsers] {
	texts, times := "Values/OddTextsComeBackByteForByte", "Values/TimesToTheMillisecondInUTC"
	return []mutant[openUsers]{
		by(texts, "normalises texts", storing(eachText(norm.NFC.String))),
		by(texts, "trims texts", storing(eachText(trimmed))),
		by(texts, "knows no characters past the first plane", storing(eachText(firstPlane))),
		by(texts, "writes line breaks of its own", storing(eachText(lineBreaks))),
		by("Values/OddNamesComeBackByteForByte", "trims names", storing(func(u *domain.User) {
			u.Username = domain.RestoreUsername(trimmed(u.Username.String()))
		})),
		by("Values/LongTextsComeBackWhole", "cuts texts at 255 bytes", storing(eachText(cut))),
		by("Values/NumbersToTheirEnds", "counts in floating point", storing(func(u *domain.User) {
			u.CredentialsVersion = floating(u.CredentialsVersion)
		})),
		by(times, "keeps whole seconds", storing(eachTime(wholeSeconds))),
		by(times, "answers local times", answering(eachTime(local))),
		by(times, "takes the clock for UTC", storing(eachTime(clockAsUTC))),
		by(times, "knows no time before 1970", storing(eachTime(since1970))),
	}
}
