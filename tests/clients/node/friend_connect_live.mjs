// friend-connect keeps a session by real-time activity: it prints a line for each event, and ends with its input.
import { xbox } from './signed_in.mjs'
import { RTAMultiplayerSession } from 'friend-connect/dist/xbox/modules/rta.js'

const say = (...words) => process.stdout.write(`\n${words.join(' ')}\n`)
const opened = { properties: { custom: { map: 'canyon' } } }
const session = new RTAMultiplayerSession(xbox, opened, process.env.SCID, 'lobby', true)
session.on('join', () => say('ACTIVITY', session.sessionName))
session.on('message', text => { if (text.includes('shoulderTaps')) say('TAPPED', text) })
session.on('close', () => say('CLOSED'))
process.stdin.on('end', () => process.exit(0)).resume()
