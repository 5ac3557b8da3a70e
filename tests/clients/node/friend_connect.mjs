// friend-connect looks around, and opens a lobby; it prints what each step gave.
import { xbox } from './signed_in.mjs'

const { SCID, FRIEND } = process.env

const lobby = { scid: SCID, templateName: 'lobby', name: 'one' }
const steps = {
  xuid: () => xbox.xuid,
  achievements: () => xbox.achievements.getAchievements(xbox.xuid),
  follow: async () => (await xbox.social.addFriend(FRIEND)).status,
  friends: async () => (await xbox.social.getFriends()).people.map(person => person.xuid),
  followers: async () => (await xbox.peopleHub.getFollowers(xbox.xuid)).people.map(person => person.xuid),
  unfollow: async () => (await xbox.social.removeFriend(FRIEND)).status,
  session: async () => (await xbox.sessionDirectory.session(
    { members: { me: { constants: { system: { initialize: true, xuid: xbox.xuid } }, properties: { system: { active: true } } } } },
    SCID, 'lobby', 'one'
  )).status,
  activity: async () => (await xbox.sessionDirectory.setActivity(lobby)).status,
  read: async () => (await xbox.sessionDirectory.sessionKeepAlivePacket(SCID, 'lobby', 'one')).status
}
const gave = {}
for (const [name, step] of Object.entries(steps)) gave[name] = await step()
process.stdout.write(`\n${JSON.stringify(gave)}`) // the client itself prints lines before
process.exit(0) // it refreshes its token for ever
