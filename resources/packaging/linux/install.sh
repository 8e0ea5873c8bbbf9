#!/bin/sh
# Install Sendoff for this user, from the folder that this file lies in; "remove" takes it away.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
data=${XDG_DATA_HOME:-$HOME/.local/share}
program=$HOME/.local/lib/sendoff
entry=$data/applications/sendoff.desktop
icon=$data/icons/hicolor/scalable/apps/sendoff.svg
if [ "${1:-}" = remove ]; then
  [ ! -x "$program/sendoff" ] || "$program/sendoff" quit
  rm -rf "$program" "$HOME/.local/bin/sendoff" "$entry" "$icon"
  echo "Sendoff is removed. Its data stay in $data/sendoff."
  exit 0
fi
mkdir -p "$HOME/.local/lib" "$HOME/.local/bin" "$(dirname "$entry")" "$(dirname "$icon")"
rm -rf "$program.new"
cp -R "$here" "$program.new"
rm -rf "$program"
mv "$program.new" "$program"
ln -sf "$program/sendoff" "$HOME/.local/bin/sendoff"
sed "s|^Exec=.*|Exec=\"$program/sendoff\"|" "$program/share/sendoff.desktop" > "$entry"
cp "$program/share/sendoff.svg" "$icon"
echo "Sendoff is installed: find it in the menu, or run $HOME/.local/bin/sendoff."
