import { Router } from 'express'

import { login, logout, me, refreshToken, register, verifyJWT } from './user.controller.js'

const router = Router()
router.post('/register', register)
router.post('/login', login)
router.post('/refresh-token', refreshToken)
router.post('/logout', verifyJWT, logout)
router.get('/me', verifyJWT, me)

export default router
