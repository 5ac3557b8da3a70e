// friend-connect after it has signed somebody in by a device code.
// Its part for the game itself is left out: `dist/xbox` is all of it that speaks to Xbox Live.
import { LinkCodeTokenProvider, XboxClient } from 'friend-connect/dist/xbox/index.js'
import auth from 'prismarine-auth'

const options = { authTitle: auth.Titles.MinecraftNintendoSwitch, deviceType: 'Nintendo' }
const token = new LinkCodeTokenProvider('stacy@example.com', process.env.CACHE, options, () => {})
await new Promise(resolve => token.on('firstTokenAcquired', resolve))

export const xbox = new XboxClient(token)
